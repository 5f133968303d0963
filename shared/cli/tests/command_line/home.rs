//! A person's home on this machine, and the command in it.

use crate::server::Server;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub struct Home {
    pub folder: PathBuf,
    url: String,
}

/// What the person sees.
pub struct Seen {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Seen {
    /// What a command that must succeed printed.
    pub fn good(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out
    }
}

impl Home {
    /// Nobody is signed in.
    pub fn new(server: &Server) -> Self {
        Self::at(&server.url)
    }

    pub fn at(url: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(uuid::Uuid::new_v4().to_string());
        std::fs::create_dir_all(folder.join("tmp")).unwrap();
        Self { folder, url: url.to_owned() }
    }

    pub fn signed_in(server: &Server) -> Self {
        let home = Self::new(server);
        home.run(&["sign-in", "--email", "a@example.com"]).good();
        home
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        self.dressed(Command::new(env!("CARGO_BIN_EXE_cloudsail")), arguments)
    }

    /// The program with the person's environment.
    pub fn dressed(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.args(arguments).env("API_URL", &self.url).env("XDG_CONFIG_HOME", &self.folder).env("TMPDIR", self.folder.join("tmp"));
        command.env("CLOUDSAIL_PASSWORD", "Correct-horse-9").env("TERM", "xterm").stdin(Stdio::null());
        for name in ["NO_COLOR", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Seen {
        seen(&mut self.command(arguments))
    }

    pub fn token_file(&self) -> PathBuf {
        self.folder.join("cloudsail/token.json")
    }

    /// The files below the person's folder for temporary ones.
    pub fn drafts(&self) -> Vec<PathBuf> {
        let folders = std::fs::read_dir(self.folder.join("tmp")).unwrap().map(|entry| entry.unwrap().path());
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path()).collect()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn seen(command: &mut Command) -> Seen {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Seen { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}
