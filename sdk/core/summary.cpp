// See summary.hpp.
#include "summary.hpp"

#include <cstdlib>
#include <cstring>

#include "services.hpp"

namespace tally::core {
namespace {

std::size_t hash_of(const void* class_name, tally_site created, std::uint32_t deferred) {
  std::uint64_t hash =
      (created ^ reinterpret_cast<std::uintptr_t>(class_name)) * 0x9E3779B97F4A7C15u + deferred;
  return static_cast<std::size_t>(hash ^ (hash >> 32));
}

int compare(const void* a, const void* b) {
  const Group& one = *static_cast<const Group*>(a);
  const Group& other = *static_cast<const Group*>(b);
  return one.count == other.count ? 0 : one.count > other.count ? -1 : 1;
}

}  // namespace

Summary::Summary() {
  providers(add_provider, this);
  // Stable, since glibc's qsort merges where it has memory; the order of equal ones is a nicety.
  if (groups_.size() > 1) std::qsort(groups_.begin(), groups_.size(), sizeof(Group), compare);
}

Summary::~Summary() {
  for (char* text : texts_) std::free(text);
  std::free(texts_.begin());
  std::free(balances_.begin());
  std::free(groups_.begin());
  std::free(buckets_.begin());
}

const char* Summary::copy_of(const char* text) {
  char* const copy = strdup(text);
  if (copy && texts_.push(copy)) return copy;
  std::free(copy);
  return "?";
}

int Summary::add_provider(tally_provider* provider, void* user) {
  Summary& summary = *static_cast<Summary*>(user);
  const char* module = nullptr;
  for (std::uint32_t index = 0; index < provider->class_count; ++index) {
    tally_balance balance{};
    tally_provider_balance(provider, index, &balance);
    if (balance.issued == 0) continue;
    if (!module) module = summary.copy_of(balance.module);
    balance.module = module;
    balance.class_name = summary.copy_of(balance.class_name);
    summary.left_ += balance.live + balance.deferred;
    summary.current_ = &balance;
    if (balance.live + balance.deferred != 0) provider->live(provider, index, add_entry, &summary);
    summary.balances_.push(balance);
  }
  return 0;
}

bool Summary::make_room() {
  if (groups_.size() * 2 < buckets_.size()) return true;
  const std::size_t count = buckets_.size() ? buckets_.size() * 2 : 64;
  while (buckets_.size() < count) {
    if (!buckets_.push(0)) return false;
  }
  std::memset(buckets_.begin(), 0, count * sizeof(std::uint32_t));
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    std::size_t at = hash_of(groups_[i].class_name, groups_[i].created, groups_[i].deferred) & (count - 1);
    while (buckets_[at]) at = (at + 1) & (count - 1);
    buckets_[at] = i + 1;
  }
  return true;
}

// Names are the summary's own, so equal ones are the same.
Group* Summary::group_of(const tally_entry& entry) {
  if (!make_room()) return nullptr;
  const std::size_t mask = buckets_.size() - 1;
  std::size_t at = hash_of(current_->class_name, entry.created, entry.deferred) & mask;
  for (; buckets_[at]; at = (at + 1) & mask) {
    Group& group = groups_[buckets_[at] - 1];
    if (group.class_name == current_->class_name && group.created == entry.created &&
        group.deferred == entry.deferred)
      return &group;
  }
  if (!groups_.push({current_->module, current_->class_name, entry.created, entry.deferred, 0}))
    return nullptr;
  buckets_[at] = static_cast<std::uint32_t>(groups_.size());
  return &groups_[groups_.size() - 1];
}

int Summary::add_entry(const tally_entry* entry, void* user) {
  Group* const group = static_cast<Summary*>(user)->group_of(*entry);
  if (group) ++group->count;
  return group ? 0 : 1;
}

}  // namespace tally::core
