// One interface as a module exports it: its name, version, table of functions and slot tables, and its face
// to libtally. The glue defines one, constant-initialised; it starts with the first creation, or when a host
// opens the module.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "tally/core.h"
#include "tally/module.h"
#include "tally/runtime/memory.hpp"
#include "tally/runtime/slot.hpp"

/// Embeds a descriptor, JSON text, into the section of the file that tools read. Several stand one after the
/// other, each with its NUL.
#define TALLY_DESCRIPTOR(...) \
  [[gnu::section(".tallystick"), gnu::used, gnu::retain]] constexpr char descriptor_[] = __VA_ARGS__

namespace tally::runtime {

class BlobTable;
class References;
class TableBase;
class ViewTable;
class Volume;

/// What a volume's number stands for: a table's slots, or its references.
struct VolumeEntry {
  TableBase* table = nullptr;
  Volume* volume = nullptr;
  References* references = nullptr;
};

class Interface : private tally_provider {
 public:
  /// `tables` has one entry for each of the classes, then that of the blobs, then, if there are any, that of
  /// the views. Both outlive it. `is_shared`: several threads may use the objects of some class.
  constexpr Interface(const char* module_name, const tally_interface& description, TableBase* const* tables,
                      std::uint32_t table_count, std::uint32_t author_classes,
                      bool is_shared = false) noexcept;
  Interface(const Interface&) = delete;
  Interface& operator=(const Interface&) = delete;

  /// Finds libtally and makes the ledger known to it. Once; any thread.
  tally_status start() noexcept;
  /// The reverse: gives table ids and memory back. Nothing of the interface may be in use.
  void stop() noexcept;
  bool is_started() const noexcept { return core() != nullptr; }

  /// Objects that are live, in all tables.
  std::uint64_t live() const noexcept;
  /// Destructors that wait for their thread, of all classes.
  std::uint32_t waiting() const noexcept { return waiting_.load(std::memory_order_relaxed); }
  void add_waiting(std::uint32_t count) noexcept { waiting_.fetch_add(count, std::memory_order_relaxed); }

  /// Runs those that wait for the calling thread. Exported creators begin with it and exported destroys end
  /// with it: there the thread is inside no call of this interface, so none of the objects is in use.
  void run_deferred() noexcept {
    if (waiting() != 0) [[unlikely]]
      collect();
  }

  /// The same, and those of threads that have ended, and what real-time threads have handed over. Returns how
  /// many it ran; on a real-time thread none.
  std::uint64_t collect() noexcept;

  const char* module() const noexcept { return tally_provider::name; }
  const char* name() const noexcept { return tally_provider::interface; }
  std::uint16_t major() const noexcept { return description_.table->major; }
  std::uint16_t minor() const noexcept { return description_.table->minor; }
  const tally_interface& description() const noexcept { return description_; }
  const tally_core* core() const noexcept { return core_.load(std::memory_order_acquire); }
  tally_provider* provider() noexcept { return this; }
  TableBase& table(std::uint32_t index) const noexcept { return *tables_[index]; }
  std::uint32_t table_count() const noexcept { return class_count; }
  std::uint32_t index_of(const TableBase& table) const noexcept;
  BlobTable& blobs() const noexcept;
  ViewTable& views() const noexcept;

  /// The module's.
  Memory& memory() const noexcept { return module_memory; }
  /// Whether as many tokens live in the module as the host allows.
  bool is_full() const noexcept;

  /// Volumes by number: a table's first one has its index, further ones and references what is free.
  VolumeEntry volume(std::uint32_t number) const noexcept { return volumes_[number]; }
  void set_volume(std::uint32_t number, VolumeEntry entry) noexcept { volumes_[number] = entry; }
  /// A free number, which is now the entry's; 0 if there is none.
  std::uint32_t take_volume_number(VolumeEntry entry) noexcept;

  /// Where several threads may use objects, what is done to objects, other than calling and the simplest
  /// creating and destroying, is done under this lock, and none of the author's code is run under it. For
  /// std::lock_guard.
  void lock() noexcept {
    if (is_shared_) changing_.lock();
  }
  void unlock() noexcept {
    if (is_shared_) changing_.unlock();
  }

  /// Around a fork: takes, and lets go of, every lock that it and its tables have.
  void lock_all() noexcept;
  void unlock_all() noexcept;

  Interface* next = nullptr;  // of the same module

 private:
  friend struct Provider;

  std::atomic<const tally_core*> core_{nullptr};  // null until it has started
  std::atomic<std::uint32_t> waiting_{0};
  const tally_interface& description_;
  TableBase* const* tables_;
  std::uint32_t blobs_;  // index of their table
  bool is_shared_;
  std::mutex changing_;
  std::mutex starting_;
  std::mutex numbering_;
  VolumeEntry volumes_[kVolumes] = {};
};

/// The functions of tally_provider, which find their Interface again.
struct Provider {
  static Interface& interface_of(tally_provider* provider);
  static const char* class_name(tally_provider* provider, std::uint32_t class_index);
  static void balance(tally_provider* provider, std::uint32_t class_index, tally_balance* out);
  static std::uint64_t bytes(tally_provider* provider, std::uint32_t class_index);
  static int live(tally_provider* provider, std::uint32_t class_index, tally_entry_visitor visitor,
                  void* user);
  static void inspect(tally_provider* provider, std::uint32_t class_index, std::uint64_t word,
                      tally_word_state* out);
  static tally_status blob_free(tally_provider* provider, std::uint64_t token, void* caller);
  static tally_status blob_resize(tally_provider* provider, tally_blob* blob, std::size_t size, void* caller);
  static tally_status blob_take(tally_provider* provider, tally_blob* blob, const char* function_name,
                                const char* parameter, void* caller);
  static void blob_give_back(tally_provider* provider, std::uint64_t token, std::uint64_t taken);
  static tally_status view_close(tally_provider* provider, std::uint64_t token, void* caller);
  static std::uint64_t collect(tally_provider* provider);
  static void thread_ended(tally_provider* provider, std::uint32_t class_index, void* lane);
};

constexpr Interface::Interface(const char* module_name, const tally_interface& description,
                               TableBase* const* tables, std::uint32_t table_count,
                               std::uint32_t author_classes, bool is_shared) noexcept
    : tally_provider{.size = sizeof(tally_provider),
                     .class_count = table_count,
                     .name = module_name,
                     .interface = description.name,
                     .address = nullptr,
                     .class_name = Provider::class_name,
                     .balance = Provider::balance,
                     .live = Provider::live,
                     .inspect = Provider::inspect,
                     .blob_free = Provider::blob_free,
                     .collect = Provider::collect,
                     .thread_ended = Provider::thread_ended,
                     .blob_resize = Provider::blob_resize,
                     .blob_take = Provider::blob_take,
                     .blob_give_back = Provider::blob_give_back,
                     .view_close = Provider::view_close,
                     .bytes = Provider::bytes},
      description_(description),
      tables_(tables),
      blobs_(author_classes),
      is_shared_(is_shared) {}

/// The services of libtally, also of an interface that has not started; null if it is too old, or of another
/// major.
const tally_core* libtally() noexcept;

/// What lives in all interfaces of this module.
std::uint64_t live_in_module() noexcept;

/// One of this module's interfaces by its name; null if there is none.
Interface* interface_of_module(const char* name) noexcept;

/// Adds the interface to those that this shared library's entry offers.
struct Export {
  explicit Export(Interface& interface) noexcept;
};

}  // namespace tally::runtime
