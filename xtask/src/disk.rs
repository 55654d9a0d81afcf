//! The free space on the disk.

use std::path::Path;

use crate::process;
use crate::progress;
use crate::tools::Tools;

/// Gigabytes that the first run of all tests writes: compiled programs, tools and npm packages.
const FIRST_RUN: u64 = 13;

/// Warns if a first run of all tests will fill the disk. What fails later are unrelated steps, with
/// messages of many kinds.
pub fn warn_if_too_small(root: &Path, tools: &Tools) {
    if tools.has_compiled("release") {
        return;
    }
    let table = process::output(tools.command("df").arg("-Pk").arg(root));
    let free = table.and_then(|table| free_gigabytes(&table));
    if let Some(warning) = free.and_then(|free| warning(free, root)) {
        progress::say(&warning);
    }
}

fn warning(free: u64, root: &Path) -> Option<String> {
    let root = root.display();
    (free < FIRST_RUN).then(|| {
        format!(
            "{free} GB are free for {root}. A first run needs about {FIRST_RUN} GB: if a step fails \
             for lack of space, free some and run the command again, which keeps what is done."
        )
    })
}

/// The fourth column of POSIX's `df -Pk`, in units of 1,024 bytes.
fn free_gigabytes(table: &str) -> Option<u64> {
    let line = table.lines().nth(1)?;
    let blocks: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    Some(blocks * 1_024 / 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{FIRST_RUN, free_gigabytes, warning};

    const TABLE: &str = "Filesystem     1024-blocks      Used Available Capacity Mounted on\n\
                         /dev/vda         263174212  26000000   9765625      27% /\n";

    #[test]
    fn free_space_is_read_in_gigabytes() {
        assert_eq!(free_gigabytes(TABLE), Some(10));
        assert_eq!(free_gigabytes("df: no such file\n"), None);
    }

    #[test]
    fn a_small_disk_is_told_beforehand() {
        let root = Path::new("/src/console");
        let text = warning(FIRST_RUN - 1, root).unwrap();
        assert!(
            text.starts_with("12 GB are free for /src/console."),
            "{text}"
        );
        assert_eq!(warning(FIRST_RUN, root), None);
    }
}
