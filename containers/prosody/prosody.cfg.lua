-- Only what connection requests need. Not mod_limits: it would slow a connection down to some fifty stanzas a second.
-- No pidfile either: its directory does not exist in a container, and connections then close at random.
modules_enabled = { "disco", "roster", "saslauth", "tls", "ping", "presence", "message", "iq" }
modules_disabled = { "s2s" }

c2s_require_encryption = true
authentication = "internal_hashed"
-- What is small is sent at once: a bench asks and waits.
network_settings = { nagle = false }
-- Logins are many and short, and no password here is worth guarding.
default_iteration_count = 1000
-- In files, since prosodyctl, which makes the users, is another process.
storage = "internal"

ssl = {
  certificate = "/etc/prosody/certs/bench.crt";
  key = "/etc/prosody/certs/bench.key";
}

log = { { levels = { min = "info" }, to = "console" } }

VirtualHost(ENV_XMPP_DOMAIN)
