//! What the tests need besides Rust: PostgreSQL, Chromium with its driver, Node for the type check, ServiceNow and
//! Salesforce, Rhino, Java. Installed from Debian's packages where that is possible, started here, or missing with one
//! clear sentence.

use crate::run::{Failed, has, output, run};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Installs Debian packages, as root; says what to do otherwise.
fn install(packages: &[&str]) -> Result<(), Failed> {
    let list = packages.join(" ");
    let is_root = output("id", Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !has("apt-get") || !is_root {
        return Err(Failed(format!("missing: please install {list} (Debian's names), then run this again")));
    }
    let mut update = Command::new("apt-get");
    run("apt-get update", update.args(["update", "-qq"]))?;
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-qq", "--no-install-recommends"]);
    run(&format!("apt-get install {list}"), install.args(packages).stdout(Stdio::null()))
}

fn postgres_folder() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

/// A PostgreSQL server of our own: a fresh folder, a free port, gone when dropped.
pub(crate) struct Postgres {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Postgres {
    /// Starts one. `durable` keeps its promises to the disk, for benches; tests do without.
    pub(crate) fn start(durable: bool) -> Result<Self, Failed> {
        if postgres_folder().is_none() {
            install(&["postgresql"])?;
        }
        if !has("openssl") {
            install(&["openssl"])?;
        }
        let bin = postgres_folder().ok_or_else(|| Failed("missing: PostgreSQL (package postgresql)".into()))?;
        let folder = tempfile::Builder::new().prefix("ipse-postgres-").tempdir()?;
        let data = folder.path().join("data");
        let is_root = output("id", Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        // PostgreSQL refuses to run as root.
        let as_postgres = |program: PathBuf| {
            if is_root {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--"]).arg(program);
                command
            } else {
                Command::new(program)
            }
        };
        let certificate = folder.path().join("server.crt");
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]);
        openssl.args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"]);
        openssl.arg(folder.path().join("server.key")).arg("-out").arg(&certificate);
        output("a certificate for PostgreSQL", &mut openssl)?;
        if is_root {
            let mut chown = Command::new("chown");
            run("a folder for PostgreSQL", chown.arg("-R").arg("postgres").arg(folder.path()))?;
        }
        let mut initdb = as_postgres(bin.join("initdb"));
        initdb.arg("-D").arg(&data).args(["-U", "ipse", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        run("initdb", initdb.current_dir("/").stdout(Stdio::null()))?;
        let port = free_port()?;
        let mut server = as_postgres(bin.join("postgres"));
        server.arg("-D").arg(&data).args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400"]);
        server.arg("-c").arg(format!("port={port}")).args(["-c", "ssl=on"]);
        for (setting, file) in [("ssl_cert_file", &certificate), ("ssl_key_file", &folder.path().join("server.key"))] {
            server.arg("-c").arg(format!("{setting}={}", file.display()));
        }
        server.arg("-c").arg(format!("unix_socket_directories={}", folder.path().display()));
        if !durable {
            server.args(["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]);
        }
        server.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = server.spawn()?;
        let postgres = Self { child, port, folder };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            if begun.elapsed() > Duration::from_secs(30) {
                return Err(Failed("PostgreSQL did not start within 30 s".into()));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(postgres)
    }

    /// The certificate it shows, which nobody but itself has signed.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("server.crt")
    }

    /// How to connect.
    pub(crate) fn url(&self) -> String {
        format!("postgres://ipse@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // An interrupt is PostgreSQL's fast shutdown; its children end with it.
        let pid = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).unwrap_or_default();
        if let Some(pid) = pid.lines().next() {
            let _ = Command::new("kill").args(["-INT", pid]).status();
        }
        let _ = self.child.wait();
    }
}

/// A port nobody listens on.
pub(crate) fn free_port() -> Result<u16, Failed> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Makes sure that there is a browser and its driver.
pub(crate) fn browser() -> Result<(), Failed> {
    if has("chromium") && has("chromedriver") { Ok(()) } else { install(&["chromium", "chromium-driver"]) }
}

/// The TypeScript compiler, which checks the types in our scripts' comments.
pub(crate) fn typescript() -> Result<PathBuf, Failed> {
    Ok(node_package("typescript", "5")?.join("node_modules/typescript/bin/tsc"))
}

/// A folder in which a package of Node.js is installed, in its newest version of this number.
pub(crate) fn node_package(name: &str, major: &str) -> Result<PathBuf, Failed> {
    if !has("npm") {
        install(&["npm"])?;
    }
    let folder = crate::run::root().join("target").join(name);
    if !folder.join("node_modules").join(name).join("package.json").is_file() {
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund"]).arg(format!("{name}@{major}"));
        run(&format!("npm install {name}"), npm.current_dir(&folder))?;
    }
    Ok(folder)
}

/// A Python of our own in `target/{name}`, in which these packages of `PyPI` are installed.
pub(crate) fn python(name: &str, packages: &[&str]) -> Result<PathBuf, Failed> {
    let folder = crate::run::root().join("target").join(name);
    let python = folder.join("bin/python");
    // Debian has the module that makes environments in a package of its own.
    let can_make = || output("python3", Command::new("python3").args(["-c", "import ensurepip"])).is_ok();
    if !python.is_file() {
        if !can_make() {
            install(&["python3", "python3-venv"])?;
        }
        run("a Python environment", Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    let wanted = packages.join("\n");
    let known = folder.join("packages");
    if std::fs::read_to_string(&known).ok().as_deref() != Some(&wanted) {
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(packages);
        run(&format!("pip install {}", packages.join(" ")), &mut pip)?;
        std::fs::write(known, wanted)?;
    }
    Ok(python)
}

/// A folder in which what a folder's `package-lock.json` names is installed, byte for byte. It is named after the lock,
/// so another lock gets another folder and the same one is installed once. Scripts of packages run only where `scripts` says so.
pub(crate) fn locked_packages(name: &str, sources: &std::path::Path, scripts: bool) -> Result<PathBuf, Failed> {
    if !has("npm") {
        install(&["npm"])?;
    }
    let version = output("node --version", Command::new("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        return Err(Failed(format!(
            "missing: Node.js 20 or newer for {}; here is {}",
            sources.display(),
            version.trim()
        )));
    }
    let lock = std::fs::read(sources.join("package-lock.json"))
        .map_err(|error| Failed(format!("{}: package-lock.json: {error}", sources.display())))?;
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &lock);
    let key: String = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let folder = crate::run::root().join("target").join(format!("{name}-{key}"));
    let done = folder.join("installed");
    if !done.is_file() {
        std::fs::create_dir_all(&folder)?;
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(sources.join(file), folder.join(file))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--silent", "--no-audit", "--no-fund"]).env("NODE_ENV", "development");
        if !scripts {
            npm.arg("--ignore-scripts");
        }
        run(&format!("npm ci for {}", sources.display()), npm.current_dir(&folder))?;
        std::fs::write(done, "")?;
    }
    Ok(folder)
}

/// A Java, for the checkers of Apex.
pub(crate) fn java() -> Result<(), Failed> {
    if has("java") { Ok(()) } else { install(&["default-jre-headless"]) }
}

/// Rhino's archive, and a Java that runs it.
pub(crate) fn rhino() -> Result<PathBuf, Failed> {
    let archive = PathBuf::from("/usr/share/java/js.jar");
    if !archive.is_file() || !has("java") {
        install(&["librhino-java", "default-jre-headless"])?;
    }
    if archive.is_file() {
        Ok(archive)
    } else {
        Err(Failed(format!("missing: {} (package librhino-java)", archive.display())))
    }
}
