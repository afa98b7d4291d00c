// What a check costs: an unchecked call into another shared library beside the checked one, new and delete
// beside create and destroy, and the ways in which people guard such calls otherwise. Repetitions of all are
// interleaved at random, so that a noisy machine disturbs both sides of a ratio alike.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <random>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bench.hpp"
#include "report.hpp"
#include "unchecked.hpp"

namespace {

constexpr std::size_t kMany = 1'000'000;

const bench_api* api = nullptr;
const bench::Module* module_of_api = nullptr;

void unchecked_call(benchmark::State& state) {
  void* const counter = unchecked_create();
  for (auto _ : state) unchecked_add(counter, 1);
  unchecked_destroy(counter);
}

void guarded_call(benchmark::State& state) {
  void* const counter = unchecked_create();
  for (auto _ : state) guarded_add(counter, 1);
  unchecked_destroy(counter);
}

void call_by_handle(benchmark::State& state) {
  bench_counter* const token = api->counter_create(nullptr);
  const bench_counter* const handle = api->counter_ref(token);
  for (auto _ : state) api->counter_add(handle, 1);
  api->counter_destroy(token);
}

void call_by_token(benchmark::State& state) {
  bench_counter* const token = api->counter_create(nullptr);
  for (auto _ : state) api->counter_add(token, 1);
  api->counter_destroy(token);
}

void call_that_reenters(benchmark::State& state) {
  bench_counter* const token = api->counter_create(nullptr);
  const bench_counter* const handle = api->counter_ref(token);
  for (auto _ : state) api->counter_add_in_between(handle, 1);
  api->counter_destroy(token);
}

void call_from_cpp(benchmark::State& state) {
  const bench::Counter counter = bench::Counter::create(*module_of_api);
  for (auto _ : state) counter.add(1);
}

void shared_pointer_call(benchmark::State& state) {
  const std::shared_ptr<void> counter(unchecked_create(), unchecked_destroy);
  for (auto _ : state) {
    const std::shared_ptr<void> held = counter;
    unchecked_add(held.get(), 1);
  }
}

void locked_map_call(benchmark::State& state) {
  std::mutex mutex;
  std::unordered_map<std::uint64_t, void*> objects;
  for (std::uint64_t i = 0; i < 1000; ++i) objects[i] = unchecked_create();
  for (auto _ : state) {
    void* counter = nullptr;
    {
      const std::lock_guard locked(mutex);
      counter = objects.find(500)->second;
    }
    unchecked_add(counter, 1);
  }
  for (const auto& [key, counter] : objects) unchecked_destroy(counter);
}

void new_and_delete(benchmark::State& state) {
  for (auto _ : state) unchecked_destroy(unchecked_create());
}

void create_and_destroy(benchmark::State& state) {
  for (auto _ : state) api->counter_destroy(api->counter_create(nullptr));
}

// One creation (or destroy) in so many keeps its stack, of at most eight calls, of which there are more.
template <int kDepth>
[[gnu::noinline]] void below(benchmark::State& state, void (*run)(benchmark::State&)) {
  if constexpr (kDepth == 0)
    run(state);
  else
    below<kDepth - 1>(state, run);
  benchmark::ClobberMemory();  // no tail call: the frame stays
}

void with_stacks(benchmark::State& state, std::uint32_t one_in, void (*run)(benchmark::State&)) {
  if (tally_site_keep_stacks(one_in, 8) != TALLY_OK) return state.SkipWithError(tally_last_error()->text);
  below<8>(state, run);
  tally_site_keep_stacks(0, 0);
}

void create_and_destroy_some_stacks(benchmark::State& state) {
  with_stacks(state, 200, create_and_destroy);
}

void create_and_destroy_all_stacks(benchmark::State& state) {
  with_stacks(state, 1, create_and_destroy);
}

void call_with_all_stacks(benchmark::State& state) {
  with_stacks(state, 1, call_by_handle);
}

void retain_and_release(benchmark::State& state) {
  bench_share* const token = api->share_create(nullptr);
  for (auto _ : state) api->share_release(api->share_retain(token, nullptr));
  api->share_release(token);
}

#ifdef BENCH_SLOTMAP
// ---- Rust's slotmap: slotmap.rs ----

extern "C" {
void* slotmap_new();
void slotmap_delete(void* map);
std::uint64_t slotmap_create(void* map);
bool slotmap_destroy(void* map, std::uint64_t key);
bool slotmap_add(void* map, std::uint64_t key, std::int64_t amount);
}

void slotmap_call(benchmark::State& state) {
  void* const map = slotmap_new();
  const std::uint64_t key = slotmap_create(map);
  for (auto _ : state) slotmap_add(map, key, 1);
  slotmap_delete(map);
}

void slotmap_create_and_destroy(benchmark::State& state) {
  void* const map = slotmap_new();
  for (auto _ : state) slotmap_destroy(map, slotmap_create(map));
  slotmap_delete(map);
}

void slotmap_random(benchmark::State& state) {
  void* const map = slotmap_new();
  std::vector<std::uint64_t> keys(kMany);
  for (std::uint64_t& each : keys) each = slotmap_create(map);
  std::ranges::shuffle(keys, std::mt19937(2));
  std::size_t next = 0;
  for (auto _ : state) {
    slotmap_add(map, keys[next], 1);
    if (++next == kMany) next = 0;
  }
  slotmap_delete(map);
}
#endif

// ---- Objects that several threads may use ----

void exclusive_call(benchmark::State& state) {
  bench_till* const token = api->till_create(nullptr);
  const bench_till* const handle = api->till_ref(token);
  for (auto _ : state) api->till_add(handle, 1);
  api->till_destroy(token);
}

// Another thread has had it before.
void handed_over_call(benchmark::State& state) {
  bench_till* token = nullptr;
  std::thread([&] { token = api->till_create(nullptr); }).join();
  const bench_till* const handle = api->till_ref(token);
  for (auto _ : state) api->till_add(handle, 1);
  api->till_destroy(token);
}

void shared_call(benchmark::State& state) {
  bench_pool* const token = api->pool_create(nullptr);
  const bench_pool* const handle = api->pool_ref(token);
  for (auto _ : state) api->pool_add(handle, 1);
  api->pool_destroy(token);
}

void shared_look(benchmark::State& state) {
  bench_pool* const token = api->pool_create(nullptr);
  const bench_pool* const handle = api->pool_ref(token);
  std::thread([&] { api->pool_look(handle, 1); }).join();
  for (auto _ : state) api->pool_look(handle, 1);
  api->pool_destroy(token);
}

// What other threads do all the while.
class Meanwhile {
 public:
  template <class Body>
  explicit Meanwhile(Body body, int threads = 1) {
    for (int thread = 0; thread < threads; ++thread) {
      threads_.emplace_back([this, body] {
        for (bool is_first = true; !is_over_.load(std::memory_order_relaxed); is_first = false) {
          for (int i = 0; i < 100; ++i) body();
          if (is_first) ++begun_;
        }
      });
    }
    while (begun_ < threads) std::this_thread::yield();
  }
  Meanwhile(const Meanwhile&) = delete;
  Meanwhile& operator=(const Meanwhile&) = delete;
  ~Meanwhile() {
    is_over_ = true;
    for (std::thread& each : threads_) each.join();
  }

 private:
  std::atomic<int> begun_{0};
  std::atomic<bool> is_over_{false};
  std::vector<std::thread> threads_;
};

// What the machine gives two threads that have nothing to do with each other.
void unchecked_call_of_two(benchmark::State& state) {
  void* const counter = unchecked_create();
  void* const others = unchecked_create();
  {
    const Meanwhile other([=] { unchecked_add(others, 1); });
    for (auto _ : state) unchecked_add(counter, 1);
  }
  unchecked_destroy(others);
  unchecked_destroy(counter);
}

void new_and_delete_of_two(benchmark::State& state) {
  const Meanwhile other([] { unchecked_destroy(unchecked_create()); });
  for (auto _ : state) unchecked_destroy(unchecked_create());
}

void shared_look_of(benchmark::State& state, int threads) {
  bench_pool* const token = api->pool_create(nullptr);
  const bench_pool* const handle = api->pool_ref(token);
  {
    const Meanwhile others([=] { api->pool_look(handle, 1); }, threads - 1);
    for (auto _ : state) api->pool_look(handle, 1);
  }
  api->pool_destroy(token);
}

void shared_look_of_two(benchmark::State& state) {
  shared_look_of(state, 2);
}

void shared_look_of_four(benchmark::State& state) {
  shared_look_of(state, 4);
}

void shared_add_of_two(benchmark::State& state) {
  bench_pool* const token = api->pool_create(nullptr);
  const bench_pool* const handle = api->pool_ref(token);
  {
    const Meanwhile other([=] { api->pool_add(handle, 1); });
    for (auto _ : state) api->pool_add(handle, 1);
  }
  api->pool_destroy(token);
}

void unchecked_add_of_two(benchmark::State& state) {
  void* const counter = unchecked_create();
  {
    const Meanwhile other([=] { unchecked_add(counter, 1); });
    for (auto _ : state) unchecked_add(counter, 1);
  }
  unchecked_destroy(counter);
}

void shared_pointer_of(benchmark::State& state, int threads) {
  const std::shared_ptr<void> counter(unchecked_create(), unchecked_destroy);
  const auto call = [&] {
    const std::shared_ptr<void> held = counter;
    benchmark::DoNotOptimize(held.get());
  };
  const Meanwhile others(call, threads - 1);
  for (auto _ : state) call();
}

void shared_pointer_of_two(benchmark::State& state) {
  shared_pointer_of(state, 2);
}

void shared_pointer_of_four(benchmark::State& state) {
  shared_pointer_of(state, 4);
}

void locked_map_of_two(benchmark::State& state) {
  std::mutex mutex;
  std::unordered_map<std::uint64_t, void*> objects;
  for (std::uint64_t i = 0; i < 1000; ++i) objects[i] = &objects;
  const auto find = [&] {
    const std::lock_guard locked(mutex);
    benchmark::DoNotOptimize(objects.find(500)->second);
  };
  const Meanwhile other(find);
  for (auto _ : state) find();
}

void create_and_destroy_shared(benchmark::State& state) {
  for (auto _ : state) api->pool_destroy(api->pool_create(nullptr));
}

void create_and_destroy_exclusive(benchmark::State& state) {
  for (auto _ : state) api->till_destroy(api->till_create(nullptr));
}

void create_and_destroy_of(benchmark::State& state, int threads) {
  const Meanwhile others([] { api->pool_destroy(api->pool_create(nullptr)); }, threads - 1);
  for (auto _ : state) api->pool_destroy(api->pool_create(nullptr));
}

void create_and_destroy_of_two(benchmark::State& state) {
  create_and_destroy_of(state, 2);
}

void create_and_destroy_of_four(benchmark::State& state) {
  create_and_destroy_of(state, 4);
}

void retain_and_release_shared(benchmark::State& state) {
  bench_stake* const token = api->stake_create(nullptr);
  for (auto _ : state) api->stake_release(api->stake_retain(token, nullptr));
  api->stake_release(token);
}

// Each has been called by another thread, so that its destroy has to ask whether somebody is inside.
void destroy_what_was_shared(benchmark::State& state) {
  constexpr std::size_t kAtOnce = 1000;
  std::vector<bench_pool*> pools(kAtOnce);
  std::size_t left = 0;
  for (auto _ : state) {
    if (left == 0) {
      state.PauseTiming();
      for (bench_pool*& each : pools) each = api->pool_create(nullptr);
      std::thread([&] {
        for (const bench_pool* const each : pools) api->pool_look(each, 1);
      }).join();
      left = kAtOnce;
      state.ResumeTiming();
    }
    api->pool_destroy(pools[--left]);
  }
  while (left != 0) api->pool_destroy(pools[--left]);
}

std::vector<std::size_t> random_order() {
  std::vector<std::size_t> order(kMany);
  for (std::size_t i = 0; i < kMany; ++i) order[i] = i;
  std::ranges::shuffle(order, std::mt19937(1));
  return order;
}

void unchecked_random(benchmark::State& state) {
  std::vector<void*> counters(kMany);
  for (const std::size_t i : random_order()) counters[i] = unchecked_create();
  std::ranges::shuffle(counters, std::mt19937(2));
  std::size_t next = 0;
  for (auto _ : state) {
    unchecked_add(counters[next], 1);
    if (++next == kMany) next = 0;
  }
  for (void* const counter : counters) unchecked_destroy(counter);
}

void checked_random(benchmark::State& state) {
  std::vector<bench_counter*> tokens(kMany);
  std::vector<const bench_counter*> handles(kMany);
  for (const std::size_t i : random_order()) {
    tokens[i] = api->counter_create(nullptr);
    handles[i] = api->counter_ref(tokens[i]);
  }
  std::ranges::shuffle(handles, std::mt19937(2));
  std::size_t next = 0;
  for (auto _ : state) {
    api->counter_add(handles[next], 1);
    if (++next == kMany) next = 0;
  }
  for (bench_counter* const token : tokens) api->counter_destroy(token);
}

constexpr char kText[] = "the quick brown fox jumps over the lazy dog";

void unchecked_text(benchmark::State& state) {
  void* const counter = unchecked_create();
  for (auto _ : state) unchecked_name(counter, kText, sizeof kText - 1);
  unchecked_destroy(counter);
}

void checked_text(benchmark::State& state) {
  bench_counter* const token = api->counter_create(nullptr);
  const bench_counter* const handle = api->counter_ref(token);
  for (auto _ : state) api->counter_name(handle, kText, sizeof kText - 1);
  api->counter_destroy(token);
}

void malloc_and_free(benchmark::State& state) {
  void* const counter = unchecked_create();
  for (auto _ : state) unchecked_free(unchecked_make(counter, 4096));
  unchecked_destroy(counter);
}

void blob_and_free(benchmark::State& state) {
  bench_counter* const token = api->counter_create(nullptr);
  const bench_counter* const handle = api->counter_ref(token);
  for (auto _ : state) {
    tally_blob blob;
    api->counter_make(handle, 4096, &blob);
    tally_blob_free(&blob);
  }
  api->counter_destroy(token);
}

struct Side {
  const char* name;
  void (*run)(benchmark::State& state);
};

#define SIDE(function) \
  { #function, function }
constexpr Side sides[] = {
#ifdef BENCH_SLOTMAP
    SIDE(slotmap_call),
    SIDE(slotmap_create_and_destroy),
    SIDE(slotmap_random),
#endif
    SIDE(unchecked_call),
    SIDE(guarded_call),
    SIDE(call_by_handle),
    SIDE(call_by_token),
    SIDE(call_that_reenters),
    SIDE(call_from_cpp),
    SIDE(shared_pointer_call),
    SIDE(locked_map_call),
    SIDE(new_and_delete),
    SIDE(create_and_destroy),
    SIDE(retain_and_release),
    SIDE(unchecked_random),
    SIDE(checked_random),
    SIDE(unchecked_text),
    SIDE(checked_text),
    SIDE(malloc_and_free),
    SIDE(blob_and_free),
    SIDE(exclusive_call),
    SIDE(handed_over_call),
    SIDE(shared_call),
    SIDE(shared_look),
    SIDE(unchecked_call_of_two),
    SIDE(new_and_delete_of_two),
    SIDE(shared_look_of_two),
    SIDE(shared_look_of_four),
    SIDE(shared_add_of_two),
    SIDE(unchecked_add_of_two),
    SIDE(shared_pointer_of_two),
    SIDE(shared_pointer_of_four),
    SIDE(locked_map_of_two),
    SIDE(create_and_destroy_of_four),
    SIDE(create_and_destroy_some_stacks),
    SIDE(create_and_destroy_all_stacks),
    SIDE(call_with_all_stacks),
    SIDE(create_and_destroy_shared),
    SIDE(create_and_destroy_exclusive),
    SIDE(create_and_destroy_of_two),
    SIDE(retain_and_release_shared),
    SIDE(destroy_what_was_shared)};
#undef SIDE

const std::vector<bench::Row> rows = {
    {"call, by handle", "call_by_handle", "unchecked_call", 1.15},
    {"call, by token", "call_by_token", "unchecked_call", 0},
    {"call, by handle, over one with a status", "call_by_handle", "guarded_call", 0},
    {"call that can be re-entered", "call_that_reenters", "unchecked_call", 2.0},
    {"call, C++ over C", "call_from_cpp", "call_by_handle", 1.0},
    {"shared_ptr copy and call", "shared_pointer_call", "unchecked_call", 0},
    {"mutex, hash map and call", "locked_map_call", "unchecked_call", 0},
#ifdef BENCH_SLOTMAP
    {"slotmap (Rust): call", "slotmap_call", "unchecked_call", 0},
#endif
    {"create + destroy", "create_and_destroy", "new_and_delete", 0.7},
#ifdef BENCH_SLOTMAP
    {"slotmap (Rust): create + destroy", "slotmap_create_and_destroy", "new_and_delete", 0},
#endif
    {"create + destroy, stacks of 8 calls, 1 in 200", "create_and_destroy_some_stacks", "create_and_destroy",
     1.1},
    {"create + destroy, all with stacks of 8 calls", "create_and_destroy_all_stacks", "create_and_destroy",
     0},
    {"call by handle, while stacks are kept", "call_with_all_stacks", "call_by_handle", 1.0},
    {"retain + release", "retain_and_release", "new_and_delete", 1.2},
    {"call, 1 million objects in random order", "checked_random", "unchecked_random", 1.8},
#ifdef BENCH_SLOTMAP
    {"slotmap (Rust): the same", "slotmap_random", "unchecked_random", 0},
#endif
    {"text of 43 bytes in, checked for UTF-8", "checked_text", "unchecked_text", 0},
    {"4 KiB out: blob against malloc + free", "blob_and_free", "malloc_and_free", 0},
    {"exclusive: call", "exclusive_call", "unchecked_call", 3.0},
    {"exclusive: call, handed over before", "handed_over_call", "unchecked_call", 3.0},
    {"shared: call", "shared_call", "unchecked_call", 3.0},
    {"shared: call that writes nothing, others have called", "shared_look", "unchecked_call", 3.0},
    {"the same while another thread does it, over alone", "shared_look_of_two", "shared_look", 1.11},
    {"unchecked calls of two objects by two threads, over alone", "unchecked_call_of_two", "unchecked_call",
     0},
    {"the same while three others do it, over alone", "shared_look_of_four", "shared_look", 0},
    {"shared: call that writes, another thread as well", "shared_add_of_two", "unchecked_add_of_two", 0},
    {"shared_ptr copy while another thread does it", "shared_pointer_of_two", "unchecked_call", 0},
    {"shared_ptr copy while three others do it", "shared_pointer_of_four", "unchecked_call", 0},
    {"mutex and hash map while another thread does it", "locked_map_of_two", "unchecked_call", 0},
    {"exclusive: create + destroy", "create_and_destroy_exclusive", "new_and_delete", 0.7},
    {"shared: create + destroy", "create_and_destroy_shared", "new_and_delete", 1.2},
    {"the same while another thread does it, over alone", "create_and_destroy_of_two",
     "create_and_destroy_shared", 1.11},
    {"the same while three others do it, over alone", "create_and_destroy_of_four",
     "create_and_destroy_shared", 0},
    {"new + delete of two threads, over alone", "new_and_delete_of_two", "new_and_delete", 0},
    {"shared: retain + release", "retain_and_release_shared", "new_and_delete", 1.2},
    {"shared: destroy of what another thread has used", "destroy_what_was_shared", "new_and_delete", 0},
};

// Of the whole process.
std::size_t resident_bytes() {
  std::size_t pages = 0;
  if (std::FILE* const file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%*u %zu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

struct Resident {
  double checked;
  double unchecked;
};

// What one of a million objects of eight bytes takes; fewer would not show in pages. In a process that has
// not yet freed anything.
Resident resident() {
  std::vector<bench_pool*> pools(kMany);
  std::vector<void*> counters(kMany);
  const std::size_t before = resident_bytes();
  for (bench_pool*& each : pools) each = api->pool_create(nullptr);
  const std::size_t between = resident_bytes();
  for (void*& each : counters) each = unchecked_create();
  const std::size_t after = resident_bytes();
  for (bench_pool* const each : pools) api->pool_destroy(each);
  for (void* const each : counters) unchecked_destroy(each);
  return {static_cast<double>(between - before) / kMany, static_cast<double>(after - between) / kMany};
}

// Options of our own, which instructions.py uses.
struct Options {
  bool wants_rows = false;  // --rows: only say which benchmarks make a ratio
  benchmark::IterationCount iterations =
      0;  // --iterations=N: each exactly N times, once; 0: for as long as it takes

  bool read(std::string_view argument) {
    constexpr std::string_view kIterations = "--iterations=";
    if (argument == "--rows") return wants_rows = true;
    if (!argument.starts_with(kIterations)) return false;
    iterations = std::atoll(argument.substr(kIterations.size()).data());
    return true;
  }
};

int print_rows() {
  for (const bench::Row& row : rows)
    std::printf("%s\t%s\t%s\n", row.what.c_str(), row.measured.c_str(), row.baseline.c_str());
  return 0;
}

void register_sides(const Options& options) {
  for (const Side& side : sides) {
    benchmark::internal::Benchmark* const made = benchmark::RegisterBenchmark(side.name, side.run);
    if (options.iterations > 0) made->Iterations(options.iterations);
  }
}

// Google Benchmark's arguments: ours come first, so that the caller's win.
std::vector<char*> arguments_of(const Options& options, const std::vector<char*>& given) {
  static char interleaved[] = "--benchmark_enable_random_interleaving=true";
  static char repetitions[] = "--benchmark_repetitions=15";
  static char time[] = "--benchmark_min_time=0.05";
  std::vector<char*> all = given;
  if (options.iterations == 0) all.insert(all.begin() + 1, {interleaved, repetitions, time});
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  std::vector<char*> given(argv, argv + argc);
  std::erase_if(given, [&](const char* argument) { return options.read(argument); });
  if (options.wants_rows) return print_rows();
  std::vector<char*> arguments = arguments_of(options, given);
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  register_sides(options);
  const bench::Module module = bench::Module::load(BENCH_MODULE);
  api = module.api();
  module_of_api = &module;
  const Resident bytes = options.iterations == 0 ? resident() : Resident{};
  bench::Ratios ratios;
  benchmark::RunSpecifiedBenchmarks(&ratios);
  ratios.print(rows);
  if (options.iterations == 0) {
    std::printf("\nresident bytes of a live object of 8 bytes: %.1f; made with new: %.1f\n", bytes.checked,
                bytes.unchecked);
  }
  return tally_ledger_write(1, 1) == 0 ? 0 : 1;
}
