-- What is done behind the first list: the full-text index, what moved at the operator, pieces of long downloads, and what a
-- person wishes of folders.

-- Messages whose line of message_fts is not written yet, or not any more right.
CREATE TABLE unindexed (
  message_id INTEGER NOT NULL PRIMARY KEY,
  turn INTEGER NOT NULL DEFAULT 0     -- counts what came since: a line that was made from less is written again
) STRICT;

-- Seconds since 1970 when the message was missing in its folder at the operator; it waits, under a negative uid, to be met
-- again in another folder. 0: it is where it should be, or waits for its own folder to be listed anew.
ALTER TABLE message ADD COLUMN parked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_parked ON message (parked) WHERE parked > 0;

-- Seconds since 1970 when its content came: what is kept off line goes oldest first.
ALTER TABLE message ADD COLUMN content_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_content ON message (content_at) WHERE content_at > 0;

-- Operators without CONDSTORE are asked which messages bear a mark; few do.
CREATE INDEX message_marked ON message (folder_id, uid) WHERE flagged OR answered OR forwarded OR mdn_sent;

-- What came of an attachment before its line was cut.
CREATE TABLE piece (
  part_id INTEGER NOT NULL REFERENCES part ON DELETE CASCADE,
  start INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (part_id, start)
) STRICT, WITHOUT ROWID;

-- Wishes about folders, in the order they were uttered. A new folder has its row at once, under a mailbox name that no
-- operator has, so that messages can be moved into it before the operator knows it.
CREATE TABLE folder_wish (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  change_id TEXT NOT NULL,
  folder_id INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
  wish TEXT NOT NULL,                 -- a changes.FolderWish
  path TEXT NOT NULL,                 -- JSON list of names: the new path of a new or renamed folder
  sent INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX folder_wish_folder ON folder_wish (folder_id);

-- As before, without what is missing at the operator.
DROP VIEW shown;
CREATE VIEW shown AS
SELECT
  m.*,
  COALESCE(
    (SELECT p.target FROM pending_change p WHERE p.message_id = m.id AND p.wish = 'move' ORDER BY p.seq DESC LIMIT 1),
    m.folder_id
  ) AS shown_folder,
  COALESCE(
    (SELECT p.wish = 'read' FROM pending_change p
      WHERE p.message_id = m.id AND p.wish IN ('read', 'unread') ORDER BY p.seq DESC LIMIT 1),
    m.seen
  ) AS shown_seen,
  COALESCE(
    (SELECT p.wish = 'flag' FROM pending_change p
      WHERE p.message_id = m.id AND p.wish IN ('flag', 'unflag') ORDER BY p.seq DESC LIMIT 1),
    m.flagged
  ) AS shown_flagged,
  EXISTS (SELECT 1 FROM pending_change p WHERE p.message_id = m.id AND p.wish = 'erase') AS gone,
  EXISTS (SELECT 1 FROM pending_change p WHERE p.message_id = m.id) AS pending
FROM message m WHERE m.parked = 0;
