//! Generates the shell's context and the permissions of its one IPC command.

fn main() -> std::io::Result<()> {
    // The bundled pages are read at compile time. An empty folder is enough to
    // check the shell without Node; `make` always builds the real one first.
    std::fs::create_dir_all("../ui/dist")?;
    println!("cargo:rerun-if-changed=../ui/dist");
    let manifest = tauri_build::AppManifest::new().commands(&["engine"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).map_err(std::io::Error::other)
}
