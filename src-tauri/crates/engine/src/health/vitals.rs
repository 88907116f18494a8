//! What the machine says of this process and of itself.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use sysinfo::{MemoryRefreshKind, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System};

pub struct Vitals(Mutex<System>);

/// Bytes; the process's part of one processor in 10,000ths since somebody last asked.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    pub own: u64,
    pub available: u64,
    pub total: u64,
    pub processor_bp: u64,
    /// Processor time since the process began.
    pub processor_ms: u64,
    /// What it read from disks and wrote to them.
    pub read: u64,
    pub written: u64,
}

#[derive(Debug, Clone, Copy)]
pub struct Disk {
    pub free: u64,
    pub total: u64,
}

impl Default for Vitals {
    fn default() -> Self {
        Self(Mutex::new(System::new_with_specifics(RefreshKind::nothing())))
    }
}

impl Vitals {
    /// Blocking, for a moment.
    pub fn memory(&self) -> Memory {
        let mut system = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
        let (available, total) = (system.available_memory(), system.total_memory());
        let process = sysinfo::get_current_pid().ok().and_then(|pid| {
            let what = ProcessRefreshKind::nothing().with_cpu().with_memory().with_disk_usage().without_tasks();
            system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, what);
            system.process(pid)
        });
        let disk = process.map(sysinfo::Process::disk_usage).unwrap_or_default();
        let percent = process.map_or(0.0, sysinfo::Process::cpu_usage);
        Memory {
            own: process.map_or(0, sysinfo::Process::memory),
            available,
            total,
            // A share of one processor, so above 10,000 with several.
            processor_bp: (percent * 100.0) as u64,
            processor_ms: process.map_or(0, sysinfo::Process::accumulated_cpu_time),
            read: disk.total_read_bytes,
            written: disk.total_written_bytes,
        }
    }
}

/// The disk a folder is on, of any kind. Blocking.
#[cfg(unix)]
pub fn disk(folder: &Path) -> Option<Disk> {
    let of = rustix::fs::statvfs(folder).ok()?;
    Some(Disk { free: of.f_bavail * of.f_frsize, total: of.f_blocks * of.f_frsize })
}

/// The disk a folder is on. Blocking.
#[cfg(not(unix))]
pub fn disk(folder: &Path) -> Option<Disk> {
    use sysinfo::{DiskRefreshKind, Disks};
    let folder = folder.canonicalize().ok()?;
    let disks = Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage());
    let on = disks.list().iter().filter(|disk| folder.starts_with(disk.mount_point()));
    let nearest = on.max_by_key(|disk| disk.mount_point().as_os_str().len())?;
    Some(Disk { free: nearest.available_space(), total: nearest.total_space() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_and_its_disk_have_a_size() {
        let memory = Vitals::default().memory();
        assert!(memory.own > 0 && memory.own < memory.total && memory.available < memory.total, "{memory:?}");
        let folder = tempfile::tempdir().unwrap();
        let disk = disk(folder.path()).unwrap();
        assert!(disk.free > 0 && disk.free <= disk.total, "{disk:?}");
    }
}
