//! Placeholder.
use tauri::AppHandle;
pub fn start(_app: &AppHandle) -> Result<(), String> {
    Err("The engine is not part of this build.".to_owned())
}
#[tauri::command]
pub fn engine() -> String {
    String::new()
}
pub fn stop(_app: &AppHandle) {}
