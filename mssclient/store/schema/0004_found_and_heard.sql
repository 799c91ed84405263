-- What is found and what comes back: the text of documents, loose answers, reports about messages that are not known yet.

-- Text of a PDF or a CDA, for the index; made once from its bytes, and kept when the bytes go.
CREATE TABLE part_text (
  part_id INTEGER NOT NULL PRIMARY KEY REFERENCES part ON DELETE CASCADE,
  text TEXT NOT NULL                  -- empty: there is none, or it could not be read
) STRICT;

-- As before, with the text of documents in a column of its own.
DROP TABLE message_fts;
CREATE VIRTUAL TABLE message_fts USING fts5 (
  subject, sender, recipients, body, attachments, usager, documents,
  content='', contentless_delete=1, prefix='2 3', tokenize="unicode61 remove_diacritics 2"
);
INSERT OR IGNORE INTO unindexed (message_id) SELECT id FROM message;

-- Answers by their subject alone ("Re: …" without References): what they answer may come after them.
CREATE TABLE loose_answer (
  message_id INTEGER NOT NULL PRIMARY KEY REFERENCES message ON DELETE CASCADE,
  base TEXT NOT NULL                  -- the folded subject without what answering put before it
) STRICT;
CREATE INDEX loose_answer_base ON loose_answer (base);

-- Reports whose message is not known yet: it may stand in a Sent folder that is still to be listed.
CREATE TABLE unheard (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  header_id TEXT NOT NULL,
  envelope_id TEXT NOT NULL,
  report TEXT NOT NULL,               -- JSON of a receipts.Report
  at INTEGER NOT NULL,                -- when the report was written
  UNIQUE (header_id, envelope_id, report)
) STRICT;
CREATE INDEX unheard_header ON unheard (header_id);

-- Seconds since 1970 when a person said they know that a message did not arrive; 0: they did not.
ALTER TABLE outbox ADD COLUMN known_lost INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_recipient_fate ON outbox_recipient (fate, outbox_id);

-- Few messages have either: the sort by it asks the index for them, and takes the others by date.
CREATE INDEX message_usager ON message (folder_id, usager_name, rank) WHERE usager_name != '';
CREATE INDEX message_state ON message (folder_id, state, rank) WHERE state != 'none';

-- The newest message of each conversation of a folder, and what is unread by date, from an index alone.
DROP INDEX message_conversation;
CREATE INDEX message_conversation ON message (conversation, folder_id, rank);
DROP INDEX message_unread;
CREATE INDEX message_unread ON message (folder_id, rank) WHERE seen = 0;
