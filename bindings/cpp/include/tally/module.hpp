// A module as C++ sees it: loaded from a file, or linked to the program.
#pragma once

#include <string>
#include <utility>

#include "tally/error.hpp"
#include "tally/host.h"

namespace tally {

/// One interface of one module. `Interface` is generated: its table's type, and how to get the table.
///
/// Objects of the module hold it open: unload() is refused, and names them, while any lives; the destructor
/// then leaves the module loaded. Move-only. Any thread.
template <class Interface>
class Module {
 public:
  using Api = typename Interface::Api;

  /// Loads a file; throws Error, which names the file and what is wrong with it.
  [[nodiscard]] static Module load(const std::string& path) {
    tally_error error;
    tally_module* const loaded = tally_module_load(path.c_str(), &error);
    if (!loaded) throw Error(error.status, error.text);
    Module module(loaded, nullptr);
    module.api_ = Interface::api_of(loaded, &error);
    if (!module.api_) throw Error(error.status, error.text);
    return module;
  }

  /// The module that this program is linked to; throws Error if it is older than what the program was
  /// compiled with.
  [[nodiscard]] static Module linked() {
    const Api* const api = Interface::linked_api();
    if (api->header.size < sizeof(Api)) {
      throw Error(TALLY_VERSION_MISMATCH, std::string("the linked module's ") + Interface::kName +
                                              " is older than the one that this program was compiled with; "
                                              "link a newer module, or load it with Module::load");
    }
    return Module(nullptr, api);
  }

  Module(Module&& other) noexcept : module_(std::exchange(other.module_, nullptr)), api_(other.api_) {}
  Module& operator=(Module&& other) noexcept {
    if (this != &other) {
      tally_module_unload(module_);
      module_ = std::exchange(other.module_, nullptr);
      api_ = other.api_;
    }
    return *this;
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module() { tally_module_unload(module_); }

  /// Unloads now; throws Error, and changes nothing, while objects of the module live. Nothing may be called
  /// through it afterwards. Of a linked module: nothing happens.
  void unload() {
    check(tally_module_unload(module_));
    module_ = nullptr;
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

}  // namespace tally
