// Writing as one transaction: first every new text into a temporary file beside its target, then every
// rename, with the old files kept under second names until the last one has succeeded. What has been done is
// undone in reverse.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "generator/generate.hpp"

namespace tally::generator {
namespace {

namespace fs = std::filesystem;

/// What failed, as text for the user. Internal to this file: write() returns it.
struct Failure {
  std::string text;
};

std::string advice_for(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a folder that you may write to";
    case ENOSPC:
    case EDQUOT:
      return "free some space";
    case ENOTDIR:
    case EEXIST:
      return "a file stands where a folder is needed: choose another folder";
    case EISDIR:
      return "a folder stands where the file belongs: remove it, or choose another folder";
    case ENAMETOOLONG:
      return "choose a shorter name";
    default:
      return "choose another folder";
  }
}

[[noreturn]] void fail(std::string_view what, const fs::path& path, int error) {
  throw Failure{fmt::format("can't {} '{}': {}; nothing was changed: {}", what, path.string(),
                            std::strerror(error), advice_for(error))};
}

bool holds(const fs::path& file, std::string_view text) {
  std::error_code error;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) != text.size()) return false;
  std::FILE* const stream = std::fopen(file.c_str(), "rb");
  if (stream == nullptr) return false;
  std::string content(text.size(), '\0');
  const bool is_same =
      std::fread(content.data(), 1, content.size(), stream) == content.size() && content == text;
  std::fclose(stream);
  return is_same;
}

/// Makes, moves and removes files, and undoes it all unless told to keep it.
class Transaction {
 public:
  Transaction() = default;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  ~Transaction() {
    for (auto replaced = replaced_.rbegin(); replaced != replaced_.rend(); ++replaced) undo(*replaced);
    for (const Staged& staged : staged_) remove_quietly(staged.temporary);
    for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) remove_quietly(*folder);
  }

  void make_folder(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return;
    make_folder(folder.parent_path());
    if (fs::create_directory(folder, error)) folders_.push_back(folder);
    // Another process may have made it just now, which is as good.
    if (!fs::is_directory(folder)) fail("create the folder", folder, error ? error.value() : EEXIST);
  }

  void stage(const fs::path& target, std::string_view text) {
    std::error_code ignored;
    if (fs::is_directory(target, ignored)) fail("write", target, EISDIR);
    staged_.push_back({target, beside(target, "new")});
    write_file(staged_.back().temporary, target, text);
  }

  void replace_all() {
    for (const Staged& staged : staged_) replace(staged);
    for (const Replaced& replaced : replaced_) remove_quietly(replaced.backup);
    replaced_.clear();
    staged_.clear();
    folders_.clear();
  }

 private:
  struct Staged {
    fs::path target;
    fs::path temporary;
  };

  struct Replaced {
    fs::path target;
    fs::path backup;  ///< empty if there was no file before
  };

  /// A name that no other process uses, in the same folder, so that a rename stays on one file system.
  static fs::path beside(const fs::path& target, std::string_view use) {
    return target.parent_path() / fmt::format(".{}.{}.{}", target.filename().string(), ::getpid(), use);
  }

  static void remove_quietly(const fs::path& path) {
    std::error_code ignored;
    if (!path.empty()) fs::remove(path, ignored);
  }

  static void write_file(const fs::path& file, const fs::path& target, std::string_view text) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) fail("write", target, errno);
    int error = 0;
    while (!text.empty() && error == 0) {
      const ssize_t count = ::write(descriptor, text.data(), text.size());
      if (count >= 0)
        text.remove_prefix(static_cast<std::size_t>(count));
      else if (errno != EINTR)
        error = errno;
    }
    if (::close(descriptor) != 0 && error == 0) error = errno;
    if (error != 0) fail("write", target, error);
  }

  void replace(const Staged& staged) {
    std::error_code error;
    fs::path backup;
    if (fs::exists(fs::symlink_status(staged.target, error))) {
      backup = beside(staged.target, "old");
      keep_second_name(staged.target, backup);
    }
    fs::rename(staged.temporary, staged.target, error);
    if (error) {
      remove_quietly(backup);
      fail("write", staged.target, error.value());
    }
    replaced_.push_back({staged.target, backup});
  }

  /// A hard link, so that the target never goes missing; a copy where the file system has none.
  static void keep_second_name(const fs::path& file, const fs::path& backup) {
    std::error_code error;
    remove_quietly(backup);
    fs::create_hard_link(file, backup, error);
    if (error) fs::copy(file, backup, fs::copy_options::copy_symlinks, error);
    if (error) fail("keep a copy of", file, error.value());
  }

  static void undo(const Replaced& replaced) {
    std::error_code ignored;
    if (replaced.backup.empty())
      fs::remove(replaced.target, ignored);
    else
      fs::rename(replaced.backup, replaced.target, ignored);
  }

  std::vector<fs::path> folders_;
  std::vector<Staged> staged_;
  std::vector<Replaced> replaced_;
};

void write_all(std::span<const Artefact> artefacts, const fs::path& folder) {
  Transaction transaction;
  transaction.make_folder(folder);
  for (const Artefact& artefact : artefacts) {
    const fs::path target = folder / artefact.path;
    if (holds(target, artefact.text)) continue;
    transaction.make_folder(target.parent_path());
    transaction.stage(target, artefact.text);
  }
  transaction.replace_all();
}

}  // namespace

std::optional<std::string> write(std::span<const Artefact> artefacts, const fs::path& folder) {
  try {
    write_all(artefacts, folder);
    return std::nullopt;
  } catch (const Failure& failure) {
    return failure.text;
  } catch (const fs::filesystem_error& error) {
    return fmt::format("can't write below '{}': {}; choose another folder", folder.string(),
                       error.code().message());
  }
}

}  // namespace tally::generator
