//! The archive and the Debian package: what is in them, that nothing of this machine is, and that each is installed and removed
//! by one line of docs/install.md.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

fn lines(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Files of each package, among others.
const WANTED: [&str; 9] = [
    "usr/bin/itsmc",
    "usr/share/man/man1/itsmc.1.gz",
    "usr/share/man/man1/itsmc-sync.1.gz",
    "usr/share/bash-completion/completions/itsmc",
    "usr/share/zsh/vendor-completions/_itsmc",
    "usr/share/fish/vendor_completions.d/itsmc.fish",
    "usr/lib/systemd/system/itsmc-sync.service",
    "usr/lib/systemd/system/itsmc-sync.timer",
    "usr/share/doc/itsmc/LICENSE-MIT",
];

/// The archive and, where this machine can make it, the Debian package.
struct Built {
    archive: PathBuf,
    package: Option<PathBuf>,
}

/// They are built once for all tests.
static BUILT: LazyLock<Built> = LazyLock::new(|| {
    let build = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/build");
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("package");
    let mut command = Command::new(build);
    // A test binary is large, and nobody downloads it.
    command.env("DPKG_DEB_COMPRESSOR_TYPE", "none");
    let made = lines(command.args(["--binary", env!("CARGO_BIN_EXE_itsmc"), "--out"]).arg(out));
    let path = |end: &str| made.iter().find(|path| path.ends_with(end)).map(PathBuf::from);
    Built { archive: path(".tar.gz").unwrap(), package: path(".deb") }
});

/// What is installed in this root works: the binary, its pages and its completion.
fn works_in(root: &Path) {
    for file in WANTED {
        assert!(root.join(file).is_file(), "{file} is not installed");
    }
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(root.join("usr/bin/itsmc"));
        command.env_clear().env("LC_ALL", "C.UTF-8").arg("--home").arg(home.path()).args(arguments);
        lines(&mut command).join("\n")
    };
    assert_eq!(run(&["--version"]), format!("itsmc {}", env!("CARGO_PKG_VERSION")));
    // What this machine lacks, such as a keyring, is no matter of the package.
    assert!(run(&["doctor"]).starts_with(&format!("itsmc {} on linux", env!("CARGO_PKG_VERSION"))));
    let page = lines(Command::new("gzip").arg("-dc").arg(root.join("usr/share/man/man1/itsmc-sync.1.gz")));
    assert!(page.iter().any(|line| line.starts_with(".TH itsmc-sync")), "{page:?}");
    let completion = root.join("usr/share/bash-completion/completions/itsmc");
    lines(Command::new("bash").arg("-n").arg(completion));
}

#[test]
fn systemd_understands_the_units_and_the_page_shows_them() {
    let page = include_str!("../../docs/unattended.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/systemd");
    let out = tempfile::tempdir().unwrap();
    let mut units = Vec::new();
    for unit in files_below(&folder) {
        let (name, text) = (unit.file_name().unwrap().to_str().unwrap(), std::fs::read_to_string(&unit).unwrap());
        assert!(page.contains(&format!("`{name}`:\n\n```ini\n{text}```")), "the page shows another {name}");
        // The program that it starts must be there.
        units.push(out.path().join(name));
        std::fs::write(units.last().unwrap(), text.replace("/usr/bin/itsmc", env!("CARGO_BIN_EXE_itsmc"))).unwrap();
    }
    assert_eq!(units.len(), 2, "{units:?}");
    let Ok(verified) = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&units).output() else {
        return eprintln!("skipped: no systemd-analyze here");
    };
    // What it does not understand it names, and is content all the same.
    assert!(verified.status.success() && verified.stderr.is_empty(), "{verified:?}");
}

/// All files below a folder.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// The line of docs/install.md that does this, with its paths and without `sudo`.
fn line_of_the_page(begins: &str, archive: &Path, root: &Path) -> String {
    let page = include_str!("../../docs/install.md");
    let found = page.lines().find(|line| line.starts_with(begins) && line.contains("tar.gz"));
    let line = found.unwrap_or_else(|| panic!("no line {begins}")).split("  #").next().unwrap();
    let root = root.to_string_lossy();
    let line = line.replace("target/package/itsmc-*.tar.gz", &archive.to_string_lossy()).replace("sudo ", "");
    line.replace("-C /", &format!("-C {root}")).replace("cd /", &format!("cd {root}"))
}

#[test]
fn the_archive_is_installed_and_removed_by_one_line() {
    let archive = &BUILT.archive;
    let out = tempfile::tempdir().unwrap();
    let root = out.path().join("root");
    std::fs::create_dir_all(root.join("usr/bin")).unwrap();
    std::fs::write(root.join("usr/bin/other"), "of another package").unwrap();
    let sh = |line: &str| lines(Command::new("sh").args(["-ec", line]));
    sh(&line_of_the_page("sudo tar -xzf", archive, &root));
    works_in(&root);
    sh(&line_of_the_page("sudo tar -xzf", archive, &root));
    works_in(&root);
    sh(&line_of_the_page("tar -tzf", archive, &root));
    assert_eq!(files_below(&root), [root.join("usr/bin/other")]);
}

/// `dpkg` on a root of its own, whose packages are the libc6 of this machine alone. `None` where dpkg has none.
fn dpkg_of(root: &Path) -> Option<impl Fn(&[&str], &Path) -> Vec<String>> {
    let libc =
        Command::new("dpkg-query").args(["--status", "libc6"]).output().ok().filter(|told| told.status.success())?;
    let admin = root.join("var/lib/dpkg");
    for folder in ["info", "updates", "triggers"] {
        std::fs::create_dir_all(admin.join(folder)).unwrap();
    }
    std::fs::write(admin.join("status"), [&libc.stdout[..], b"\n"].concat()).unwrap();
    std::fs::write(admin.join("available"), "").unwrap();
    let root = root.to_owned();
    Some(move |order: &[&str], what: &Path| {
        let mut command = Command::new("dpkg");
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C");
        command.args(["--force-not-root", "--force-script-chrootless"]).arg(format!("--root={}", root.display()));
        command.arg(format!("--log={}", root.join("var/lib/dpkg/log").display()));
        lines(command.args(order).arg(what))
    })
}

#[test]
fn the_debian_package_is_installed_upgraded_and_removed_without_leftovers() {
    let out = tempfile::tempdir().unwrap();
    let root = out.path().join("root");
    let Some((package, dpkg)) = BUILT.package.as_ref().zip(dpkg_of(&root)) else {
        eprintln!("skipped: no dpkg here");
        return;
    };
    dpkg(&["--install"], package);
    works_in(&root);
    dpkg(&["--install"], package);
    works_in(&root);
    dpkg(&["--verify"], Path::new("itsmc"));
    dpkg(&["--remove"], Path::new("itsmc"));
    let left: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["var"], "what is left besides dpkg's own files");
    let status = std::fs::read_to_string(root.join("var/lib/dpkg/status")).unwrap();
    assert!(!status.contains("Package: itsmc"), "{status}");
}

#[test]
fn a_package_has_the_binary_its_pages_and_completion() {
    let Built { archive, package } = &*BUILT;
    let out = tempfile::tempdir().unwrap();
    let files = lines(Command::new("tar").arg("-tzf").arg(archive));
    for file in WANTED {
        assert!(files.iter().any(|path| path == file), "{file} is not in {files:?}");
    }
    let unpacked = out.path().join("unpacked");
    std::fs::create_dir(&unpacked).unwrap();
    lines(Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&unpacked));
    let version = lines(Command::new(unpacked.join("usr/bin/itsmc")).arg("--version"));
    assert!(version[0].starts_with("itsmc "), "{version:?}");
    let completion = std::fs::read_to_string(unpacked.join("usr/share/bash-completion/completions/itsmc")).unwrap();
    assert!(!completion.contains(&*out.path().to_string_lossy()) && !completion.contains("/tmp"), "{completion}");

    // Where this machine makes packages for Debian, that one has the same.
    if let Some(package) = package {
        let listed = lines(Command::new("dpkg-deb").arg("--contents").arg(package));
        for file in WANTED {
            assert!(listed.iter().any(|line| line.ends_with(&format!("./{file}"))), "{file} is not in {listed:?}");
        }
        assert!(listed.iter().all(|line| line.contains("root/root")), "{listed:?}");
        let control = lines(Command::new("dpkg-deb").arg("--field").arg(package)).join("\n");
        let version = format!("Version: {}", env!("CARGO_PKG_VERSION"));
        assert!(control.contains(&version) && control.contains("libc6 (>= 2."), "{control}");
    }
}
