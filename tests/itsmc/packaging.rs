//! The archive and the Debian package: what is in them, and that nothing of this machine is.
#![cfg(target_os = "linux")]

use std::process::Command;

fn lines(command: &mut Command) -> Vec<String> {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_package_has_the_binary_its_pages_and_completion() {
    let out = tempfile::tempdir().unwrap();
    let build = concat!(env!("CARGO_MANIFEST_DIR"), "/packaging/build");
    let made = lines(Command::new(build).args(["--binary", env!("CARGO_BIN_EXE_itsmc"), "--out"]).arg(out.path()));
    let archive = made.iter().find(|path| path.ends_with(".tar.gz")).unwrap();
    let files = lines(Command::new("tar").arg("-tzf").arg(archive));
    let wanted = [
        "usr/bin/itsmc",
        "usr/share/man/man1/itsmc.1.gz",
        "usr/share/man/man1/itsmc-sync.1.gz",
        "usr/share/bash-completion/completions/itsmc",
        "usr/share/zsh/vendor-completions/_itsmc",
        "usr/share/fish/vendor_completions.d/itsmc.fish",
        "usr/share/doc/itsmc/LICENSE-MIT",
    ];
    for file in wanted {
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
    if let Some(package) = made.iter().find(|path| path.ends_with(".deb")) {
        let listed = lines(Command::new("dpkg-deb").arg("--contents").arg(package));
        for file in wanted {
            assert!(listed.iter().any(|line| line.ends_with(&format!("./{file}"))), "{file} is not in {listed:?}");
        }
        assert!(listed.iter().all(|line| line.contains("root/root")), "{listed:?}");
        let control = lines(Command::new("dpkg-deb").arg("--field").arg(package)).join("\n");
        let version = format!("Version: {}", env!("CARGO_PKG_VERSION"));
        assert!(control.contains(&version) && control.contains("libc6 (>= 2."), "{control}");
    }
}
