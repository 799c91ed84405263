-- Drafts as they stand in the operators' Drafts folders, and what was done about a sent message's copy.
CREATE TABLE server_draft (
  draft_id TEXT NOT NULL,
  bal_id INTEGER NOT NULL,
  revision TEXT NOT NULL DEFAULT '',   -- of the version that we know to stand there; empty when none of ours does
  uid INTEGER NOT NULL DEFAULT 0,      -- its uid under `uidvalidity`, 0 when the operator did not tell
  uidvalidity INTEGER NOT NULL DEFAULT 0,
  size INTEGER NOT NULL DEFAULT 0,
  digest TEXT NOT NULL DEFAULT '',     -- of the local draft that this version holds
  next_revision TEXT NOT NULL DEFAULT '', -- on its way: written before the first byte leaves, so that a crash finds it
  next_size INTEGER NOT NULL DEFAULT 0,
  next_digest TEXT NOT NULL DEFAULT '',
  rival TEXT NOT NULL DEFAULT '',      -- JSON of a draft.Rival while a person has to choose, or empty
  choice TEXT NOT NULL DEFAULT '',     -- a draft.Choice that waits for the line, or empty
  PRIMARY KEY (draft_id, bal_id)
) STRICT;

ALTER TABLE outbox ADD COLUMN copy_tried INTEGER NOT NULL DEFAULT 0; -- 1 from before we first put a copy into Sent
ALTER TABLE outbox ADD COLUMN copy_uid INTEGER NOT NULL DEFAULT 0;   -- of the copy that we put there, when told
ALTER TABLE outbox ADD COLUMN copy_due INTEGER NOT NULL DEFAULT 0;   -- when Sent is to be looked at once more; 0: settled
