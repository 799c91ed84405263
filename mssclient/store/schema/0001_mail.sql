-- A person's store: what the operators said (bal, folder, message, body, part), what the person wishes
-- (pending_change), what they write and sent (draft, outbox), what they filed, and the trace of it all.
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE bal (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  letter TEXT NOT NULL,
  colour INTEGER NOT NULL,
  own INTEGER NOT NULL,
  link TEXT NOT NULL DEFAULT 'waiting',
  quota_used INTEGER NOT NULL DEFAULT 0,
  quota_limit INTEGER NOT NULL DEFAULT 0,
  max_size INTEGER NOT NULL DEFAULT 10485760
) STRICT;

CREATE TABLE folder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bal_id INTEGER NOT NULL REFERENCES bal ON DELETE CASCADE,
  mailbox TEXT NOT NULL,              -- the server's name, decoded
  path TEXT NOT NULL,                 -- JSON list of names from the root
  role TEXT NOT NULL,
  selectable INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL DEFAULT 0,
  uidnext INTEGER NOT NULL DEFAULT 0, -- every uid below it was looked at, once complete = 1
  modseq INTEGER NOT NULL DEFAULT 0,
  server_total INTEGER NOT NULL DEFAULT 0,
  server_unseen INTEGER NOT NULL DEFAULT 0,
  complete INTEGER NOT NULL DEFAULT 0,
  UNIQUE (bal_id, mailbox)
) STRICT;

CREATE TABLE conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;

-- Every Message-ID heard of, in a header or in somebody's References: what ties conversations together.
CREATE TABLE reference (
  header TEXT NOT NULL PRIMARY KEY,
  conversation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_conversation ON reference (conversation);

CREATE TABLE message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  rank INTEGER NOT NULL UNIQUE,       -- date in seconds << 20 | low bits of the id: newest first without a sort
  folder_id INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
  uid INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  flagged INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  forwarded INTEGER NOT NULL,
  mdn_sent INTEGER NOT NULL,
  modseq INTEGER NOT NULL,
  date INTEGER NOT NULL,              -- seconds since 1970, UTC
  size INTEGER NOT NULL,
  header_id TEXT NOT NULL,            -- Message-ID with brackets, or empty
  subject TEXT NOT NULL,
  subject_sort TEXT NOT NULL,
  sender_label TEXT NOT NULL,
  sender_address TEXT NOT NULL,
  sender_kind TEXT NOT NULL,
  sender_sort TEXT NOT NULL,
  recipients TEXT NOT NULL,           -- JSON: {"to": [[label, address, kind]...], "cc": [...]}
  reply_to TEXT NOT NULL,
  in_reply_to TEXT NOT NULL,
  refs TEXT NOT NULL,                 -- JSON list
  headers TEXT NOT NULL,              -- JSON list of pairs, as Envelope.mss_headers
  attachments INTEGER NOT NULL,
  has_xdm INTEGER NOT NULL,
  documents INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,                -- a RowState
  usager_name TEXT NOT NULL DEFAULT '',
  usager_birth TEXT NOT NULL DEFAULT '',
  usager_matricule TEXT NOT NULL DEFAULT '',
  usager_qualified INTEGER NOT NULL DEFAULT 0,
  conversation INTEGER NOT NULL,
  body TEXT NOT NULL DEFAULT 'absent', -- a Loading
  UNIQUE (folder_id, uid)
) STRICT;
CREATE INDEX message_folder ON message (folder_id, rank);
CREATE INDEX message_unread ON message (folder_id) WHERE seen = 0;
CREATE INDEX message_to_file ON message (rank) WHERE state = 'to file';
CREATE INDEX message_header ON message (header_id);
CREATE INDEX message_conversation ON message (conversation, rank);
CREATE INDEX message_sender ON message (folder_id, sender_sort, rank);
CREATE INDEX message_subject ON message (folder_id, subject_sort, rank);
CREATE INDEX message_size ON message (folder_id, size, rank);

CREATE TABLE body (
  message_id INTEGER NOT NULL PRIMARY KEY REFERENCES message ON DELETE CASCADE,
  text TEXT NOT NULL,
  safe_html TEXT NOT NULL,
  blocked_remote INTEGER NOT NULL,
  receipt TEXT NOT NULL,              -- JSON of a receipts.Report, or empty
  problem TEXT NOT NULL               -- name of an errors.Unread, or empty
) STRICT;

CREATE TABLE part (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
  number TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  encoding TEXT NOT NULL,
  charset TEXT NOT NULL,
  name TEXT NOT NULL,
  content_id TEXT NOT NULL,
  attachment INTEGER NOT NULL,
  inline INTEGER NOT NULL DEFAULT 0,
  is_xdm INTEGER NOT NULL DEFAULT 0,
  loading TEXT NOT NULL DEFAULT 'absent',
  UNIQUE (message_id, number)
) STRICT;

CREATE TABLE part_bytes (
  part_id INTEGER NOT NULL PRIMARY KEY REFERENCES part ON DELETE CASCADE,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE archive (
  part_id INTEGER NOT NULL PRIMARY KEY REFERENCES part ON DELETE CASCADE,
  content TEXT NOT NULL               -- JSON of a documents.Archive
) STRICT;

CREATE TABLE pending_change (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  change_id TEXT NOT NULL,
  message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
  wish TEXT NOT NULL,                 -- a changes.Wish
  target INTEGER,                     -- folder of a move
  sent INTEGER NOT NULL DEFAULT 0     -- 1 once the operator was asked: can no longer be withdrawn
) STRICT;
CREATE INDEX pending_message ON pending_change (message_id, seq);
CREATE INDEX pending_change_id ON pending_change (change_id);

CREATE TABLE draft (
  id TEXT NOT NULL PRIMARY KEY,
  bal_id INTEGER NOT NULL,
  content TEXT NOT NULL,              -- JSON of a draft.Draft
  updated INTEGER NOT NULL,
  held INTEGER NOT NULL DEFAULT 0     -- 1 while its message stands in the outbox
) STRICT;

CREATE TABLE draft_attachment (
  id TEXT NOT NULL PRIMARY KEY,
  draft_id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX draft_attachment_draft ON draft_attachment (draft_id);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bal_id INTEGER NOT NULL,
  draft_id TEXT NOT NULL,
  state TEXT NOT NULL,                -- an outbox.SendState
  subject TEXT NOT NULL,
  sender TEXT NOT NULL,
  header_id TEXT NOT NULL UNIQUE,     -- Message-ID with brackets
  envelope_id TEXT NOT NULL,          -- ENVID of RFC 3461
  raw BLOB,                           -- frozen MIME; dropped once DONE or CANCELLED
  size INTEGER NOT NULL,
  ask_delivery INTEGER NOT NULL,
  queued INTEGER NOT NULL,
  due INTEGER NOT NULL,
  sent INTEGER,
  tries INTEGER NOT NULL DEFAULT 0,
  code TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  needs_consent INTEGER NOT NULL DEFAULT 0,
  answers INTEGER,                    -- message that is answered or forwarded once sent
  answered_wish TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX outbox_state ON outbox (state, due);
CREATE INDEX outbox_envelope ON outbox (envelope_id);

CREATE TABLE outbox_recipient (
  outbox_id INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
  address TEXT NOT NULL,
  label TEXT NOT NULL,
  fate TEXT NOT NULL,                 -- an outbox.Fate
  code TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  at INTEGER,
  PRIMARY KEY (outbox_id, address)
) STRICT;

CREATE TABLE filing (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  content TEXT NOT NULL,
  person TEXT NOT NULL,
  at INTEGER NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  unique_id TEXT NOT NULL,
  usager_name TEXT NOT NULL,
  state TEXT NOT NULL                 -- begun, done or undone
) STRICT;
CREATE INDEX filing_sha256 ON filing (sha256);
CREATE INDEX filing_message ON filing (message_id);

-- ECO.4.1.1: who, when, what, the answer; never contents.
CREATE TABLE trace (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  person TEXT NOT NULL,
  bal TEXT NOT NULL,
  act TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL
) STRICT;

CREATE TABLE frequent (
  address TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE message_fts USING fts5 (
  subject, sender, recipients, body, attachments, usager,
  content='', contentless_delete=1, prefix='2 3', tokenize="unicode61 remove_diacritics 2"
);

-- Truth with wishes applied: what lists and panes read. domain/changes.projected is the same rule; a test compares.
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
FROM message m;
