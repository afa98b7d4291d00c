// The ledger as text: the balance of each class, then what is live, grouped by class and site.
#include <cstdio>
#include <cstring>

#include "array.hpp"
#include "services.hpp"
#include "writer.hpp"

namespace tally::core {
namespace {

struct Group {
  const char* module;
  const char* class_name;
  tally_site created;
  std::uint32_t deferred;
  std::uint64_t count;
};

struct Report {
  Array<tally_balance> balances;
  Array<Group> groups;
  std::uint64_t left = 0;  // live or deferred
};

int add_entry(const tally_entry* entry, void* user) {
  Report& report = *static_cast<Report*>(user);
  for (Group& group : report.groups) {
    if (group.class_name == entry->class_name && group.module == entry->module &&
        group.created == entry->created && group.deferred == entry->deferred) {
      ++group.count;
      return 0;
    }
  }
  report.groups.push({entry->module, entry->class_name, entry->created, entry->deferred, 1});
  return 0;
}

int add_provider(tally_provider* provider, void* user) {
  Report& report = *static_cast<Report*>(user);
  for (std::uint32_t index = 0; index < provider->class_count; ++index) {
    tally_balance balance{};
    tally_provider_balance(provider, index, &balance);
    if (balance.issued == 0) continue;
    report.balances.push(balance);
    report.left += balance.live + balance.deferred;
    if (balance.live + balance.deferred != 0) provider->live(provider, index, add_entry, &report);
  }
  return 0;
}

int width_of(Report& report, const char* tally_balance::*column, int least) {
  int width = least;
  for (const tally_balance& balance : report.balances) {
    const int length = static_cast<int>(std::strlen(balance.*column));
    if (length > width) width = length;
  }
  return width;
}

void write_balances(Writer& out, Report& report) {
  const int module = width_of(report, &tally_balance::module, 6);
  const int name = width_of(report, &tally_balance::class_name, 5);
  out.print("%-*s  %-*s  %9s  %9s  %9s\n", module, "module", name, "class", "issued", "retired", "live");
  for (const tally_balance& balance : report.balances) {
    out.print("%-*s  %-*s  %9llu  %9llu  %9llu", module, balance.module, name, balance.class_name,
              static_cast<unsigned long long>(balance.issued),
              static_cast<unsigned long long>(balance.retired),
              static_cast<unsigned long long>(balance.live));
    if (balance.bytes) out.print("  %llu bytes", static_cast<unsigned long long>(balance.bytes));
    if (balance.deferred) {
      out.print("  (%llu deferred)", static_cast<unsigned long long>(balance.deferred));
    }
    out.print("\n");
  }
}

void write_groups(Writer& out, Report& report) {
  const bool is_one = report.left == 1;
  const char* const state = exiting() ? (is_one ? "was never given back" : "were never given back")
                                      : (is_one ? "is live" : "are live");
  out.print("tallystick: %llu %s %s:\n", static_cast<unsigned long long>(report.left),
            is_one ? "object" : "objects", state);
  for (const Group& group : report.groups) {
    char site[512];
    place_text(group.created, site, sizeof site);
    out.print("  %llu x %s of %s, created at %s%s\n", static_cast<unsigned long long>(group.count),
              group.class_name, group.module, site,
              group.deferred ? "; destroyed, but its destructor has not run" : "");
  }
}

}  // namespace

std::uint64_t report(int descriptor, int only_unbalanced) {
  Report report;
  providers(add_provider, &report);
  Writer out(descriptor);
  if (!only_unbalanced) write_balances(out, report);
  if (report.left != 0) write_groups(out, report);
  close_symbols();
  std::free(report.balances.begin());
  std::free(report.groups.begin());
  return report.left;
}

}  // namespace tally::core
