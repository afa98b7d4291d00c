// Marks: the entries of a moment, sorted, beside those of now. No C++ runtime here, so arrays are on malloc.
#include "tally/mark.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <tuple>

namespace {

// A class in a module, by its index in the mark's names.
struct Name {
  char* module;
  char* class_name;
};

struct Entry {
  std::uint64_t handle;
  tally_site created;
  std::uint32_t name;
  std::uint32_t deferred;

  bool is_same(const Entry& other) const { return handle == other.handle && created == other.created; }
  friend bool operator<(const Entry& a, const Entry& b) {
    return std::tie(a.handle, a.created) < std::tie(b.handle, b.created);
  }
};

template <class Item>
struct Items {
  Item* each = nullptr;
  std::size_t count = 0;
  std::size_t room = 0;

  bool push(const Item& item) {
    if (count == room) {
      const std::size_t more = room ? room * 2 : 64;
      void* const grown = std::realloc(each, more * sizeof(Item));
      if (!grown) return false;
      each = static_cast<Item*>(grown);
      room = more;
    }
    each[count++] = item;
    return true;
  }
  Item* begin() const { return each; }
  Item* end() const { return each + count; }
};

}  // namespace

struct tally_mark {
  char* module = nullptr;  // null: all
  Items<Name> names;
  Items<Entry> entries;
};

namespace {

// One look at the ledger.
struct Look {
  tally_mark& mark;
  Items<Entry> entries;
  bool has_memory = true;

  // Entries of one class come one after the other, so the last name is the likeliest.
  bool find_name(const tally_entry& entry, std::uint32_t* index) {
    Items<Name>& names = mark.names;
    for (std::size_t i = names.count; i-- > 0;) {
      const Name& name = names.each[i];
      if (std::strcmp(name.class_name, entry.class_name) != 0 || std::strcmp(name.module, entry.module) != 0)
        continue;
      *index = static_cast<std::uint32_t>(i);
      return true;
    }
    const Name name{strdup(entry.module), strdup(entry.class_name)};
    *index = static_cast<std::uint32_t>(names.count);
    if (name.module && name.class_name && names.push(name)) return true;
    std::free(name.module);
    std::free(name.class_name);
    return false;
  }

  bool add(const tally_entry& entry) {
    std::uint32_t name = 0;
    return find_name(entry, &name) && entries.push({entry.handle, entry.created, name, entry.deferred});
  }

  bool run() {
    tally_ledger_live(
        mark.module,
        [](const tally_entry* entry, void* user) {
          Look& look = *static_cast<Look*>(user);
          look.has_memory = look.add(*entry);
          return look.has_memory ? 0 : 1;
        },
        this);
    std::sort(entries.begin(), entries.end());
    return has_memory;
  }
};

struct Change {
  std::uint32_t name;
  tally_site created;
  std::uint64_t came;
  std::uint64_t deferred;
  std::uint64_t went;
};

// Both sides are sorted: what is in one alone has come or gone.
bool compare(const Items<Entry>& before, const Items<Entry>& now, Items<Change>* changes) {
  const Entry* old = before.begin();
  const Entry* current = now.begin();
  while (old != before.end() || current != now.end()) {
    if (old != before.end() && current != now.end() && old->is_same(*current)) {
      ++old, ++current;
    } else if (current == now.end() || (old != before.end() && *old < *current)) {
      if (!changes->push({old->name, old->created, 0, 0, 1})) return false;
      ++old;
    } else {
      if (!changes->push({current->name, current->created, 1, current->deferred, 0})) return false;
      ++current;
    }
  }
  return true;
}

// One for each class and site.
void merge(Items<Change>* changes) {
  std::sort(changes->begin(), changes->end(), [](const Change& a, const Change& b) {
    return std::tie(a.name, a.created) < std::tie(b.name, b.created);
  });
  std::size_t merged = 0;
  for (const Change& each : *changes) {
    Change* const last = merged ? &changes->each[merged - 1] : nullptr;
    if (last && last->name == each.name && last->created == each.created) {
      last->came += each.came;
      last->deferred += each.deferred;
      last->went += each.went;
    } else {
      changes->each[merged++] = each;
    }
  }
  changes->count = merged;
}

int write_change(const tally_change* change, void* user) {
  if (change->came == 0) return 0;
  char site[512];
  tally_site_place(change->created, site, sizeof site);
  char line[1024];
  std::snprintf(line, sizeof line, "  %llu x %s of %s, created at %s%s\n",
                static_cast<unsigned long long>(change->came), change->class_name, change->module, site,
                change->deferred ? "; destroyed, but its destructor has not run" : "");
  const int descriptor = *static_cast<int*>(user);
  for (std::size_t written = 0, size = std::strlen(line); written < size;) {
    const ssize_t count = write(descriptor, line + written, size - written);
    if (count < 0 && errno != EINTR) return 1;
    if (count > 0) written += static_cast<std::size_t>(count);
  }
  return 0;
}

void give_back(tally_mark* mark) {
  for (const Name& name : mark->names) {
    std::free(name.module);
    std::free(name.class_name);
  }
  std::free(mark->names.each);
  std::free(mark->entries.each);
  std::free(mark->module);
  std::free(mark);
}

}  // namespace

extern "C" void tally_mark_free(tally_mark* mark) {
  if (mark) give_back(mark);
}

extern "C" tally_mark* tally_mark_take(const char* module) {
  auto* const mark = static_cast<tally_mark*>(std::calloc(1, sizeof(tally_mark)));
  if (!mark) return nullptr;
  if (module) mark->module = strdup(module);
  Look look{*mark, {}};
  const bool is_whole = (!module || mark->module) && look.run();
  mark->entries = look.entries;
  if (is_whole) return mark;
  give_back(mark);
  return nullptr;
}

extern "C" uint64_t tally_mark_changes(tally_mark* mark, tally_change_visitor visitor, void* user) {
  Look look{*mark, {}};
  Items<Change> changes;
  std::uint64_t came = UINT64_MAX;
  if (look.run() && compare(mark->entries, look.entries, &changes)) {
    merge(&changes);
    came = 0;
    for (const Change& each : changes) came += each.came;
    for (const Change& each : changes) {
      const Name& name = mark->names.each[each.name];
      const tally_change change{name.module, name.class_name, each.created,
                                each.came,   each.deferred,   each.went};
      if (visitor && visitor(&change, user) != 0) break;
    }
  }
  std::free(look.entries.each);
  std::free(changes.each);
  return came;
}

extern "C" uint64_t tally_mark_write(tally_mark* mark, int descriptor) {
  return tally_mark_changes(mark, write_change, &descriptor);
}
