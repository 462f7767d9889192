//! The Lua scripts, joined with their prelude at compile time. `lua/README.md` explains them.

use std::sync::LazyLock;

/// A script and the digest it is called by.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its verb, for metrics and errors.
    pub verb: &'static str,
    /// Its whole text.
    pub source: String,
    /// What EVALSHA takes.
    pub sha: String,
}

/// Scripts that may run although memory is full free it, or finish what was promised before.
const ALLOW_OOM: &str = "#!lua flags=allow-oom\n";
/// All others are refused as a whole when memory is full, before their first line.
const DENY_OOM: &str = "#!lua\n";

/// Scripts that only read.
const NO_WRITES: &str = "#!lua flags=no-writes,allow-oom\n";

/// What the verbs that claim have in common.
const CLAIM: &str = include_str!("../../lua/claim.lua");
/// What all others have instead.
const NOTHING: &str = "";

macro_rules! scripts {
    ($($verb:ident $head:ident $shared:ident),* $(,)?) => {
        /// Every script, by verb.
        #[derive(Clone, Debug)]
        pub struct Scripts {
            $(#[doc = concat!("`lua/", stringify!($verb), ".lua`.")] pub $verb: Script,)*
            /// `lua/reset.lua`, which works on a partition and needs no prelude.
            pub reset: Script,
        }

        impl Scripts {
            /// Joins the scripts for one Redis server process and computes their digests.
            pub fn new(server: &str) -> Self {
                Self {
                    $($verb: script(server, stringify!($verb), &[
                        $head,
                        include_str!("../../lua/prelude.lua"),
                        include_str!("../../lua/changes.lua"),
                        include_str!("../../lua/verbs.lua"),
                        $shared,
                        include_str!(concat!("../../lua/", stringify!($verb), ".lua")),
                    ]),)*
                    reset: script(server, "reset", &[
                        ALLOW_OOM,
                        include_str!("../../lua/reset.lua"),
                    ]),
                }
            }

            /// All of them.
            pub fn all(&self) -> Vec<&Script> {
                vec![$(&self.$verb,)* &self.reset]
            }
        }
    };
}

scripts! {
    reserve DENY_OOM CLAIM,
    change DENY_OOM CLAIM,
    confirm ALLOW_OOM CLAIM,
    release ALLOW_OOM NOTHING,
    extend ALLOW_OOM NOTHING,
    cancel ALLOW_OOM NOTHING,
    compensate ALLOW_OOM NOTHING,
    revoke ALLOW_OOM NOTHING,
    prolong ALLOW_OOM NOTHING,
    repair ALLOW_OOM NOTHING,
    block ALLOW_OOM CLAIM,
    sweep ALLOW_OOM NOTHING,
    configure ALLOW_OOM NOTHING,
    load_begin DENY_OOM NOTHING,
    load_blocked DENY_OOM NOTHING,
    load_records DENY_OOM NOTHING,
    load_finish DENY_OOM NOTHING,
}

/// `lua/look.lua`, which changes nothing and is for any server.
pub(super) fn look_source() -> &'static str {
    static SOURCE: LazyLock<String> = LazyLock::new(|| {
        let (prelude, look) =
            (include_str!("../../lua/prelude.lua"), include_str!("../../lua/look.lua"));
        [NO_WRITES, prelude, look].concat()
    });
    &SOURCE
}

/// The name of the server process is part of the text, and so of the digest: what one instance has
/// verified and loaded is unknown to all others until they have looked at that process themselves.
fn script(server: &str, verb: &'static str, parts: &[&str]) -> Script {
    let source = format!("{}\n-- for server {server}\n", parts.concat());
    let sha = redis::Script::new(&source).get_hash().to_owned();
    Script { verb, source, sha }
}
