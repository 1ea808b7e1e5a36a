using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "main",
      worker = (
        modules = [ ( name = "worker.js", esModule = embed "worker.bundle.js" ) ],
        compatibilityDate = "2026-01-01",
      ) ),
    # The endpoint is on this machine.
    ( name = "internet", network = ( allow = ["private", "public"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "main" ) ],
);
