# Stowplan's proxy on a machine of one's own: `npx workerd serve workerd.capnp` in this folder.
#
# Variables of the environment are those of the server: STOWPLAN_ALLOW, STOWPLAN_ORIGIN, STOWPLAN_ALLOW_ANY, ...

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "proxy", worker = .proxy), (name = "internet", network = .public) ],
  sockets = [ (name = "http", address = "127.0.0.1:8787", http = (), service = "proxy") ],
);

const proxy :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "stowplan_edge_bg.wasm", wasm = embed "stowplan_edge_bg.wasm"),
  ],
  bindings = [
    (name = "STOWPLAN_ALLOW", fromEnvironment = "STOWPLAN_ALLOW"),
    (name = "STOWPLAN_PLAIN_HTTP", fromEnvironment = "STOWPLAN_PLAIN_HTTP"),
    (name = "STOWPLAN_ORIGIN", fromEnvironment = "STOWPLAN_ORIGIN"),
    (name = "STOWPLAN_ALLOW_ANY", fromEnvironment = "STOWPLAN_ALLOW_ANY"),
    (name = "STOWPLAN_MAX_BODY", fromEnvironment = "STOWPLAN_MAX_BODY"),
    (name = "STOWPLAN_FIRST_BYTE", fromEnvironment = "STOWPLAN_FIRST_BYTE"),
    (name = "STOWPLAN_BODY_IDLE", fromEnvironment = "STOWPLAN_BODY_IDLE"),
    (name = "STOWPLAN_MAX_SECONDS", fromEnvironment = "STOWPLAN_MAX_SECONDS"),
    (name = "STOWPLAN_REQUESTS", fromEnvironment = "STOWPLAN_REQUESTS"),
    (name = "STOWPLAN_REQUESTS_PER_CLIENT", fromEnvironment = "STOWPLAN_REQUESTS_PER_CLIENT"),
    (name = "STOWPLAN_REQUESTS_PER_MINUTE", fromEnvironment = "STOWPLAN_REQUESTS_PER_MINUTE"),
    (name = "STOWPLAN_CLIENT_FLOOR", fromEnvironment = "STOWPLAN_CLIENT_FLOOR"),
  ],
  # Registries in a private network that STOWPLAN_ALLOW names need a network that reaches them, as one more binding:
  #   (name = "NAMED", service = "private"), and the service
  #   (name = "private", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true)))
  globalOutbound = "internet",
);

# The address of a name is checked here, after DNS and before the connection, by the policy's own list (policy/src/address.rs).
const public :Workerd.Network = (
  allow = ["public"],
  deny = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "::/3", "4000::/2", "8000::/1",
    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
  ],
  tlsOptions = (trustBrowserCas = true),
);
