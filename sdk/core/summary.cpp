// See summary.hpp.
#include "summary.hpp"

#include <cstdlib>
#include <cstring>

#include "services.hpp"

namespace tally::core {
namespace {

std::uint64_t hash_of(const Group& group) {
  return (group.created ^ reinterpret_cast<std::uintptr_t>(group.class_name)) * 0x9E3779B97F4A7C15u +
         group.deferred;
}

bool are_alike(const Group& a, const Group& b) {
  return a.class_name == b.class_name && a.created == b.created && a.deferred == b.deferred;
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
  index_.free();
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

// Names are the summary's own, so equal ones are the same.
Group* Summary::group_of(const tally_entry& entry) {
  const Group wanted{current_->module, current_->class_name, entry.created, entry.deferred, 0};
  std::uint32_t* const bucket = index_.find(
      hash_of(wanted), groups_.size(),
      [&](std::uint32_t number) { return are_alike(groups_[number], wanted); },
      [&](std::uint32_t number) { return hash_of(groups_[number]); });
  if (!bucket || (*bucket == 0 && !groups_.push(wanted))) return nullptr;
  if (*bucket == 0) *bucket = static_cast<std::uint32_t>(groups_.size());
  return &groups_[*bucket - 1];
}

int Summary::add_entry(const tally_entry* entry, void* user) {
  Group* const group = static_cast<Summary*>(user)->group_of(*entry);
  if (group) ++group->count;
  return group ? 0 : 1;
}

}  // namespace tally::core
