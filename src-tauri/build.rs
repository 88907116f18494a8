//! Generates the shell's context and the permissions of its IPC commands.

fn main() -> std::io::Result<()> {
    // The bundled pages are read at compile time. An empty folder is enough to
    // check the shell without Node; `make` always builds the real one first.
    std::fs::create_dir_all("../ui/dist")?;
    println!("cargo:rerun-if-changed=../ui/dist");
    // Read by option_env! in updates.rs.
    println!("cargo:rerun-if-env-changed=COMANDA_UPDATES");
    println!("cargo:rerun-if-env-changed=COMANDA_UPDATES_KEY");
    let manifest = tauri_build::AppManifest::new().commands(&[
        "engine",
        "hear",
        "choose_place",
        "start_at_login",
        "open_contract",
        "look_for_update",
        "install_update",
    ]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).map_err(std::io::Error::other)
}
