// An interface's start and end, and its face to libtally.
#include "tally/runtime/interface.hpp"

#include "tally/runtime/blob_table.hpp"
#include "tally/runtime/table.hpp"
#include "tally/runtime/view_table.hpp"

namespace tally::runtime {

const tally_core* libtally() noexcept {
  const tally_core* const core = tally_core_entry(TALLY_ABI_MAJOR);
  return core && core->size >= TALLY_CORE_FIRST_SIZE ? core : nullptr;
}

tally_status Interface::start() noexcept {
  if (is_started()) return TALLY_OK;
  const std::lock_guard locked(starting_);
  if (is_started()) return TALLY_OK;
  const tally_core* const core = libtally();
  if (!core) return TALLY_VERSION_MISMATCH;
  __atomic_store_n(&thread_offset, core->thread_offset, __ATOMIC_RELAXED);
  __atomic_store_n(&load_epoch, core->epoch, __ATOMIC_RELAXED);
  tally_provider::address = this;
  const tally_status status = core->provider_add(this);
  if (status == TALLY_OK) core_.store(core, std::memory_order_release);
  return status;
}

void Interface::stop() noexcept {
  const std::lock_guard locked(starting_);
  const tally_core* const core = this->core();
  if (!core) return;
  core->provider_remove(this);
  for (std::uint32_t i = 0; i < class_count; ++i) tables_[i]->stop();
  core_.store(nullptr, std::memory_order_release);
}

void Interface::lock_all() noexcept {
  starting_.lock();
  changing_.lock();
  for (std::uint32_t i = 0; i < class_count; ++i) tables_[i]->lock_.lock();
  numbering_.lock();
}

void Interface::unlock_all() noexcept {
  numbering_.unlock();
  for (std::uint32_t i = class_count; i-- > 0;) tables_[i]->lock_.unlock();
  changing_.unlock();
  starting_.unlock();
}

std::uint32_t Interface::index_of(const TableBase& table) const noexcept {
  return table.class_index();
}

BlobTable& Interface::blobs() const noexcept {
  return static_cast<BlobTable&>(*tables_[blobs_]);
}

ViewTable& Interface::views() const noexcept {
  return static_cast<ViewTable&>(*tables_[blobs_ + 1]);
}

bool Interface::is_full() const noexcept {
  return memory().is_limited() && live_in_module() >= memory().most_handles();
}

std::uint32_t Interface::take_volume_number(VolumeEntry entry) noexcept {
  const std::lock_guard locked(numbering_);
  for (std::uint32_t number = class_count; number < kVolumes; ++number) {
    if (volumes_[number].table) continue;
    volumes_[number] = entry;
    return number;
  }
  return 0;
}

std::uint64_t Interface::live() const noexcept {
  std::uint64_t count = 0;
  for (std::uint32_t i = 0; i < class_count; ++i) {
    tally_balance figures;
    tables_[i]->balance(&figures);
    count += figures.live + figures.deferred;
  }
  return count;
}

std::uint64_t Interface::collect() noexcept {
  std::uint64_t count = 0;
  for (std::uint32_t i = 0; i < class_count; ++i) count += tables_[i]->collect();
  return count;
}

namespace {

TableBase& table_of(tally_provider* provider, std::uint32_t class_index) {
  return Provider::interface_of(provider).table(class_index);
}

}  // namespace

Interface& Provider::interface_of(tally_provider* provider) {
  return *static_cast<Interface*>(provider);
}

const char* Provider::class_name(tally_provider* provider, std::uint32_t class_index) {
  return table_of(provider, class_index).class_name();
}

void Provider::balance(tally_provider* provider, std::uint32_t class_index, tally_balance* out) {
  table_of(provider, class_index).balance(out);
}

std::uint64_t Provider::bytes(tally_provider* provider, std::uint32_t class_index) {
  Interface& interface = interface_of(provider);
  const TableBase& table = interface.table(class_index);
  return &table == &interface.blobs() ? interface.blobs().bytes() : table.bytes();
}

int Provider::live(tally_provider* provider, std::uint32_t class_index, tally_entry_visitor visitor,
                   void* user) {
  return table_of(provider, class_index).visit_live(visitor, user);
}

void Provider::inspect(tally_provider* provider, std::uint32_t class_index, std::uint64_t word,
                       tally_word_state* out) {
  table_of(provider, class_index).inspect(word, out);
}

tally_status Provider::blob_free(tally_provider* provider, std::uint64_t token, void* caller) {
  Interface& interface = interface_of(provider);
  const Function function{interface, "tally_blob_free"};
  return interface.blobs().destroy_within(Call{function, caller}, "blob", token);
}

tally_status Provider::blob_resize(tally_provider* provider, tally_blob* blob, std::size_t size,
                                   void* caller) {
  Interface& interface = interface_of(provider);
  const Function function{interface, "tally_blob_resize"};
  return interface.blobs().resize(Call{function, caller}, blob, size);
}

tally_status Provider::blob_take(tally_provider* provider, tally_blob* blob, const char* function_name,
                                 const char* parameter, void* caller) {
  Interface& interface = interface_of(provider);
  const Function function{interface, function_name};
  return interface.blobs().take(Call{function, caller}, parameter, blob);
}

void Provider::blob_give_back(tally_provider* provider, std::uint64_t token, std::uint64_t taken) {
  interface_of(provider).blobs().give_back(token, taken);
}

tally_status Provider::view_close(tally_provider* provider, std::uint64_t token, void* caller) {
  Interface& interface = interface_of(provider);
  const Function function{interface, "tally_view_close"};
  return interface.views().close(Call{function, caller}, token);
}

std::uint64_t Provider::collect(tally_provider* provider) {
  return interface_of(provider).collect();
}

void Provider::thread_ended(tally_provider* provider, std::uint32_t class_index, void* lane) {
  table_of(provider, class_index).end_lane(*static_cast<Lane*>(lane));
}

}  // namespace tally::runtime
