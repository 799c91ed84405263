-- Health documents that were received, one line each: the list of what is to be put into the record system.
CREATE TABLE document (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
  part_id INTEGER NOT NULL REFERENCES part ON DELETE CASCADE,
  number INTEGER NOT NULL,            -- its place in the archive
  content TEXT NOT NULL,              -- as FilingChoice.content: the rendition one looks at
  received INTEGER NOT NULL,          -- seconds since 1970, of the message
  state TEXT NOT NULL,                -- a worklist.WorkState
  reason TEXT NOT NULL DEFAULT '',    -- a worklist.AsideReason, or empty
  twin INTEGER NOT NULL DEFAULT 0,    -- the line of the same document that came before
  newer INTEGER NOT NULL DEFAULT 0,   -- the line of a version that takes its place
  deletion INTEGER NOT NULL DEFAULT 0,-- 1: its sender asked for its deletion
  answered TEXT NOT NULL DEFAULT '',  -- integration answer that was queued: "processed" or a code
  unique_id TEXT NOT NULL,
  set_id TEXT NOT NULL,
  version INTEGER NOT NULL,           -- 0 when the document does not say
  sha1 TEXT NOT NULL,
  action TEXT NOT NULL,
  replaces TEXT NOT NULL,             -- JSON list
  type_code TEXT NOT NULL,
  type_label TEXT NOT NULL,
  title TEXT NOT NULL,
  act_date TEXT NOT NULL,
  created TEXT NOT NULL,
  author TEXT NOT NULL,
  organisation TEXT NOT NULL,
  usager TEXT NOT NULL,               -- JSON of an identity.Usager, or empty
  usager_sort TEXT NOT NULL,
  title_sort TEXT NOT NULL,
  author_sort TEXT NOT NULL,
  key_valid INTEGER NOT NULL,         -- 1, 0, or -1 without a matricule
  whole INTEGER NOT NULL,             -- 0 when the digest or the size is not what was announced
  words TEXT NOT NULL,                -- folded, for the filter
  UNIQUE (part_id, number)
) STRICT;
CREATE INDEX document_state ON document (state, received, id);
CREATE INDEX document_unique ON document (unique_id) WHERE unique_id != '';
CREATE INDEX document_set ON document (set_id) WHERE set_id != '';
CREATE INDEX document_replacing ON document (id) WHERE replaces != '[]';
CREATE INDEX document_message ON document (message_id);

-- Which line of the list was filed; 0 for an attachment that is no health document.
ALTER TABLE filing ADD COLUMN document_id INTEGER NOT NULL DEFAULT 0;
-- Digest of the file that gets its name last: with it, all of them stand in the folder.
ALTER TABLE filing ADD COLUMN last_sha256 TEXT NOT NULL DEFAULT '';

-- A loose attachment that is another rendition of a document of the same message.
CREATE TABLE companion (
  part_id INTEGER NOT NULL PRIMARY KEY REFERENCES part ON DELETE CASCADE,
  of_part INTEGER NOT NULL,
  content TEXT NOT NULL               -- which document of that part, by its first rendition's key
) STRICT;
CREATE INDEX companion_of ON companion (of_part);
