"""Writes complete private configurations of Dovecot 2.3 and Postfix 3.7 into folders of ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of the lab."""

    imap: int
    lmtp: int
    sasl: int
    smtp: int
    postlog: int = 0


Bals = Mapping[str, Sequence[str]]

_DOVECOT = """
# A private instance: everything it touches is below {here}.
base_dir = {here}/run
state_dir = {here}/state
instance_name = mss-lab
log_path = {here}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = dovecot
default_login_user = dovenull
default_process_limit = 200
default_client_limit = 1000

ssl = required
ssl_cert = <{pem}
ssl_key = <{pem}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes

auth_mechanisms = xoauth2 oauthbearer
# A BAL is named by its whole address; boxes are kept by local part.
auth_username_format = %Ln
auth_username_chars =
auth_verbose = yes
auth_failure_delay = 0
login_log_format_elements = user=<%u> auth=<%{{auth_user}}> method=%m %c session=<%{{session}}>

first_valid_uid = 1
first_valid_gid = 1
mail_location = mdbox:~/mdbox
mail_max_userip_connections = 50
mail_fsync = never
mailbox_list_index = yes
mail_plugins = quota zlib
imap_idle_notify_interval = 2 mins

service anvil {{
  # Mode 0: after failed sign-ins the next good one is not punished, which tests of refusals would pay for.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-reader {{
    mode = 0666
  }}
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
service auth {{
  inet_listener sasl {{
    address = 127.0.0.1
    port = {ports.sasl}
  }}
  unix_listener auth-userdb {{
    mode = 0666
  }}
}}
service imap-login {{
  service_count = 0
  process_min_avail = 1
  inet_listener imap {{
    port = {ports.imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {ports.lmtp}
  }}
}}

passdb {{
  # Names the person of the token when that person is let into the BAL that was asked for. The verdict on the token
  # itself is the next one's.
  driver = lua
  args = file={here}/let_in.lua blocking=yes
  mechanisms = xoauth2 oauthbearer
  result_success = continue
  result_failure = return-fail
}}
passdb {{
  driver = oauth2
  args = {here}/tokens.conf
  mechanisms = xoauth2 oauthbearer
}}
userdb {{
  # The box that was asked for, whoever's token opened it.
  driver = passwd-file
  args = username_format=%{{orig_username}} {here}/boxes
  default_fields = uid={owner[0]} gid={owner[1]}
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {here}/boxes
  default_fields = uid={owner[0]} gid={owner[1]}
}}

namespace inbox {{
  type = private
  inbox = yes
  separator = /
  prefix =
  mailbox Brouillons {{
    special_use = \\Drafts
    auto = subscribe
  }}
  mailbox Envoyés {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Corbeille {{
    special_use = \\Trash
    auto = subscribe
  }}
}}
plugin {{
  quota = count:BAL
  quota_vsizes = yes
  quota_rule = *:storage=2G
  quota_max_mail_size = 30M
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota imap_zlib
  mail_max_userip_connections = 50
}}
protocol lmtp {{
  mail_plugins = $mail_plugins
  postmaster_address = postmaster@lab.mss.example
}}
"""

SHARED = """
mail_plugins = $mail_plugins acl
protocol imap {{
  mail_plugins = $mail_plugins acl imap_acl
}}
namespace others {{
  type = shared
  separator = /
  prefix = Autres/%%n/
  location = mdbox:%%h/mdbox
  subscriptions = no
  list = children
}}
plugin {{
  acl = vfile
  acl_shared_dict = file:{here}/mail/shared.db
}}
"""
"""What more Dovecot reads where boxes are shared: %%n is whose box it is, %%h where it lies."""

_TOKENS = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={keys}/
username_attribute = preferred_username
username_format = %n
issuers = {issuer}
scope = scope_all
"""

_LET_IN = """
local alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

local function from_base64url(text)
  local out, held, bits = {}, 0, 0
  for at = 1, #text do
    local digit = alphabet:find(text:sub(at, at), 1, true)
    if digit then
      held, bits = (held * 64 + digit - 1) % 65536, bits + 6
      if bits >= 8 then
        bits = bits - 8
        out[#out + 1] = string.char(math.floor(held / 2 ^ bits) % 256)
      end
    end
  end
  return table.concat(out)
end

function auth_password_verify(request, token)
  local claims = token:match('^[^.]+%.([^.]+)%.')
  local person = claims and from_base64url(claims):match('"preferred_username"%s*:%s*"(%w+)"')
  local list = request.user:match('^[%w.-]+$') and io.open('LISTS/' .. request.user)
  if person and list then
    for line in list:lines() do
      if line == person then
        list:close()
        return dovecot.auth.PASSDB_RESULT_OK, { user = person }
      end
    end
  end
  if list then list:close() end
  return dovecot.auth.PASSDB_RESULT_USER_DISABLED, ''
end
"""


def dovecot_files(
    folder: Path, ports: Ports, pem: Path, keys: Path, issuer: str, bals: Bals, owner: tuple[int, int]
) -> None:
    """Everything Dovecot reads. `keys` are laid out as <azp>/<algorithm>/<kid>; `owner` holds the mail."""
    for name in ("state", "mail", "lists"):
        (folder / name).mkdir(parents=True)
    os.chown(folder / "mail", *owner)
    (folder / "dovecot.conf").write_text(_DOVECOT.format(here=folder, pem=pem, ports=ports, owner=owner))
    (folder / "tokens.conf").write_text(_TOKENS.format(keys=keys, issuer=issuer))
    (folder / "let_in.lua").write_text(_LET_IN.replace("LISTS", str(folder / "lists")))
    (folder / "boxes").write_text("".join(f"{name}:::::{folder}/mail/{name}::\n" for name in bals))
    for name, people in bals.items():
        (folder / "lists" / name).write_text("".join(f"{person}\n" for person in people))


_MAIN = """
compatibility_level = 3.6
queue_directory = {here}/spool
data_directory = {here}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {here}/mail.log
maillog_file_prefixes = {here}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = smtp.{domain}
mydestination =
mynetworks = 192.0.2.1/32
alias_maps =
local_recipient_maps =
recipient_delimiter = +

virtual_mailbox_domains = {domain}
virtual_mailbox_maps = texthash:{etc}/boxes
virtual_transport = lmtp:inet:127.0.0.1:{ports.lmtp}
virtual_mailbox_limit = 0
transport_maps = texthash:{etc}/transport
# No other operator: what is not ours is refused at once.
default_transport = error:5.7.1 domain is not in the white list
relayhost =

message_size_limit = 10485760
mailbox_size_limit = 0
smtpd_recipient_limit = 50

smtpd_tls_chain_files = {pem}
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{ports.sasl}
smtpd_sasl_security_options = noanonymous
smtpd_sender_login_maps = texthash:{etc}/senders
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject

# Tests do not wait.
smtpd_error_sleep_time = 0
smtpd_client_connection_count_limit = 0
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 4s
maximal_queue_lifetime = 15s
bounce_queue_lifetime = 15s
delay_warning_time = 3s
"""

_MASTER = """
127.0.0.1:{ports.smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
latefail unix - n n - - pipe flags=X user=nobody argv={here}/latefail
"""

_PRIVATE = "active bounce corrupt defer deferred flush hold incoming private saved trace".split()  # noqa: SIM905


def postfix_files(folder: Path, ports: Ports, pem: Path, domain: str, bals: Bals) -> None:
    """Everything Postfix reads, and its queue as `postfix check` would make it, which takes seconds.

    Mail to echec.example is taken, then fails (a bounce); to lent.example it waits (a delay report).
    """
    etc = folder / "etc"
    etc.mkdir(parents=True)
    (etc / "main.cf").write_text(_MAIN.format(here=folder, etc=etc, ports=ports, pem=pem, domain=domain))
    (etc / "master.cf").write_text(_MASTER.format(here=folder, ports=ports).lstrip())
    (etc / "boxes").write_text("".join(f"{name}@{domain} {name}\n" for name in bals))
    (etc / "senders").write_text("".join(f"{name}@{domain} {', '.join(people)}\n" for name, people in bals.items()))
    (etc / "transport").write_text("echec.example latefail:\nlent.example smtp:[127.0.0.1]:9\n")
    failing = folder / "latefail"
    failing.write_text("#!/bin/sh\necho 5.1.1 unknown mailbox at the other operator\nexit 67\n")
    failing.chmod(0o755)
    (folder / "data").mkdir()
    shutil.chown(folder / "data", "postfix")
    (folder / "spool" / "pid").mkdir(parents=True)
    queues: list[tuple[str, int, str | None]] = [(name, 0o700, None) for name in _PRIVATE]
    for name, mode, group in [*queues, ("maildrop", 0o730, "postdrop"), ("public", 0o710, "postdrop")]:
        queue = folder / "spool" / name
        queue.mkdir()
        shutil.chown(queue, "postfix", group)
        queue.chmod(mode)
