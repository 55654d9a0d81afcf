//! Replaces a folder that may be in use with a new, complete one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Replaces the folder `current` with `new`. A reader sees `current` either completely old or
/// completely new, except in the instant between two renames. Afterwards `new` no longer exists.
///
/// On a system that cannot rename a folder in use (Windows), the files are replaced one by one:
/// `index.html` after all files that it refers to, and obsolete files are removed last.
///
/// # Errors
/// If the files cannot be written. `current` is then unchanged, or contains files of both.
pub fn swap(new: &Path, current: &Path) -> io::Result<()> {
    // A rename requires a single file system; the target folder may be on another one.
    let beside = sibling(current, "new");
    if new != beside {
        remove(&beside)?;
        if let Some(parent) = current.parent() {
            fs::create_dir_all(parent)?;
        }
        if fs::rename(new, &beside).is_err() {
            copy(new, &beside)?;
            fs::remove_dir_all(new)?;
        }
    }
    let old = sibling(current, "old");
    remove(&old)?;
    if !current.exists() {
        return fs::rename(&beside, current);
    }
    if fs::rename(current, &old).is_err() {
        replace_files(&beside, current)?;
        return fs::remove_dir_all(&beside);
    }
    if let Err(error) = fs::rename(&beside, current) {
        fs::rename(&old, current)?;
        return Err(error);
    }
    fs::remove_dir_all(&old)
}

/// `dist` and `new` give `dist.new`.
fn sibling(folder: &Path, extension: &str) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Removes a folder that an earlier run may have left.
fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Replaces the files of `current` with those of `new`, in an order in which a reader of
/// `index.html` finds the files that it refers to.
fn replace_files(new: &Path, current: &Path) -> io::Result<()> {
    let (mut pages, mut others): (Vec<_>, Vec<_>) = names(new)?
        .into_iter()
        .partition(|name| name.to_string_lossy().starts_with("index.html"));
    others.append(&mut pages);
    for name in &others {
        let (from, to) = (new.join(name), current.join(name));
        if from.is_dir() {
            fs::create_dir_all(&to)?;
            replace_files(&from, &to)?;
        } else {
            // A reader sees either the complete old file or the complete new one.
            fs::rename(&from, &to)?;
        }
    }
    for name in names(current)? {
        if !others.contains(&name) {
            let path = current.join(name);
            if path.is_dir() {
                fs::remove_dir_all(path)?;
            } else {
                fs::remove_file(path)?;
            }
        }
    }
    Ok(())
}

fn names(folder: &Path) -> io::Result<Vec<std::ffi::OsString>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{replace_files, sibling, swap};

    /// An empty folder for this test only.
    fn folder(test: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("odp-swap-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    /// Every file below the folder, with its text, in order.
    fn read(folder: &Path) -> Vec<(String, String)> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(folder).unwrap();
                    let text = fs::read_to_string(&path).unwrap();
                    files.push((name.display().to_string(), text));
                }
            }
        }
        files.sort();
        files
    }

    const OLD: [(&str, &str); 3] = [("index.html", "old"), ("app-1.js", "one"), ("gone/a", "a")];
    const NEW: [(&str, &str); 3] = [("app-2.js", "two"), ("index.html", "new"), ("kept/b", "b")];

    fn expected() -> Vec<(String, String)> {
        NEW.map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into()
    }

    #[test]
    fn the_new_folder_takes_the_place_of_the_old_one_and_nothing_is_left() {
        let work = folder("whole");
        let (new, current) = (work.join("target/dist"), work.join("dist"));
        write(&new, &NEW);
        write(&current, &OLD);
        swap(&new, &current).unwrap();
        assert_eq!(read(&work.join("dist")), expected());
        assert!(!new.exists());
        assert!(!sibling(&current, "new").exists());
        assert!(!sibling(&current, "old").exists());
        fs::remove_dir_all(work).unwrap();
    }

    #[test]
    fn there_need_be_no_old_folder_and_a_broken_off_swap_is_in_nobodys_way() {
        let work = folder("first");
        let (new, current) = (work.join("new"), work.join("deep/dist"));
        write(&new, &NEW);
        write(&sibling(&current, "new"), &OLD);
        write(&sibling(&current, "old"), &OLD);
        swap(&new, &current).unwrap();
        assert_eq!(read(&work), {
            let mut files = expected();
            for (name, _) in &mut files {
                *name = format!("deep/dist/{name}");
            }
            files
        });
        fs::remove_dir_all(work).unwrap();
    }

    #[test]
    fn without_a_new_folder_the_old_one_stays_as_it_is() {
        let work = folder("missing");
        let current = work.join("dist");
        write(&current, &OLD);
        let before = read(&current);
        assert!(swap(&work.join("missing"), &current).is_err());
        assert_eq!(read(&current), before);
        fs::remove_dir_all(work).unwrap();
    }

    #[test]
    fn file_by_file_ends_with_the_same_files() {
        let work = folder("files");
        let (new, current) = (work.join("new"), work.join("dist"));
        write(&new, &NEW);
        write(&current, &OLD);
        replace_files(&new, &current).unwrap();
        assert_eq!(read(&current), expected());
        fs::remove_dir_all(work).unwrap();
    }

    #[test]
    fn file_by_file_never_shows_a_page_without_its_script() {
        let work = folder("order");
        let (new, current) = (work.join("new"), work.join("dist"));
        write(&new, &NEW);
        write(&current, &OLD);
        // If the script cannot be written, the page that refers to it must not be written either.
        fs::create_dir_all(current.join("app-2.js/in-the-way")).unwrap();
        assert!(replace_files(&new, &current).is_err());
        assert_eq!(
            fs::read_to_string(current.join("index.html")).unwrap(),
            "old"
        );
        assert_eq!(fs::read_to_string(current.join("app-1.js")).unwrap(), "one");
        fs::remove_dir_all(work).unwrap();
    }
}
