// A module as C++ sees it: loaded from a file, or linked to the program.
#pragma once

#include <string>
#include <utility>

#include "tally/host.h"
#include "tally/result.hpp"

namespace tally {
inline namespace TALLY_MODE {

/// One interface of one module. `Interface` is generated: its table's type, and how to get the table.
///
/// Objects, blobs and views of the module hold it open: unload() is refused, and names them, while any lives;
/// the destructor then leaves the module loaded. Move-only; through one that was moved from or unloaded
/// nothing can be called (TALLY_NULL_ARGUMENT). Any thread.
template <class Interface>
class Module {
 public:
  using Api = typename Interface::Api;

  /// Loads a file. Fails with an Error that names the file and what is wrong with it.
  [[nodiscard]] static Result<Module> load(const std::string& path) { return load(path.c_str()); }
  /// The same; a null is TALLY_NULL_ARGUMENT.
  [[nodiscard]] static Result<Module> load(const char* path) {
    tally_module* const loaded = tally_module_load(path, nullptr);
    if (!loaded) return fail<Module>(tally_last_error()->status);
    Module module(loaded, Interface::api_of(loaded, nullptr));
    if (!module.api_) return fail<Module>(tally_last_error()->status);
    return module;
  }

  /// The module that this program is linked to. Fails with TALLY_VERSION_MISMATCH if it is older than what
  /// the program was compiled with.
  [[nodiscard]] static Result<Module> linked() {
    const Api* const api = Interface::linked_api();
    if (api->header.size < sizeof(Api)) {
      const std::string text = std::string("the linked module's ") + Interface::kName +
                               " is older than the one that this program was compiled with; link a newer "
                               "module, or load it with Module::load";
      return fail<Module>(tally_fail(TALLY_VERSION_MISMATCH, text.c_str()));
    }
    return Module(nullptr, api);
  }

  Module(Module&& other) noexcept
      : module_(std::exchange(other.module_, nullptr)),
        api_(std::exchange(other.api_, Interface::empty_api())) {}
  Module& operator=(Module&& other) noexcept {
    if (this != &other) {
      tally_module_unload(module_);
      module_ = std::exchange(other.module_, nullptr);
      api_ = std::exchange(other.api_, Interface::empty_api());
    }
    return *this;
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module() { tally_module_unload(module_); }

  /// Unloads now. Fails, and changes nothing, while objects of the module live. Of a linked module: nothing
  /// happens.
  Result<void> unload() {
    const tally_status status = tally_module_unload(module_);
    if (status < 0) return fail<void>(status);
    if (std::exchange(module_, nullptr)) api_ = Interface::empty_api();
    return Result<void>();
  }

  /// The name that the module gives itself, and its file; "" for a linked one.
  const char* name() const noexcept { return module_ ? tally_module_name(module_) : ""; }
  const char* path() const noexcept { return module_ ? tally_module_path(module_) : ""; }

  /// The C functions.
  const Api* api() const noexcept { return api_; }
  /// The C host's module; still ours.
  tally_module* get() const noexcept { return module_; }

 private:
  Module(tally_module* module, const Api* api) noexcept : module_(module), api_(api) {}

  tally_module* module_;
  const Api* api_;
};

}  // namespace TALLY_MODE
}  // namespace tally
