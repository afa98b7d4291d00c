// Packs a file with every codec module that a folder holds, chunk by chunk, unpacks it again and compares;
// then shows the ledger: what was created, and whether all of it was given back. host.c is the same program
// in C.
//
//     codec_host_cpp [FOLDER] [FILE]
//
// A module that fails is named with what went wrong, and the next one has its turn. Exit code 0: every module
// gave the file back as it was; 1: something failed; 2: the command line is wrong.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "codec.hpp"
#include "peak_memory.h"

namespace {

constexpr std::size_t chunk_size = std::size_t{256} * 1024;

// ---- files ----

[[noreturn]] void throw_errno(const std::string& doing) {
  throw std::system_error(errno, std::generic_category(), doing);
}

// A file that is read or written from its beginning, more than once.
class File {
 public:
  static File open(const std::string& path) {
    File file(std::fopen(path.c_str(), "rb"), path);
    struct stat about {};
    if (fstat(fileno(file.file_.get()), &about) != 0) throw_errno("opening " + path);
    if (!S_ISREG(about.st_mode))
      throw std::runtime_error(path + " is not a regular file, which can be read twice");
    return file;
  }

  // A temporary file that is gone when the program is, however that ends.
  static File temporary() {
    const char* const folder = std::getenv("TMPDIR");
    std::string path =
        std::string(folder != nullptr && *folder != 0 ? folder : "/tmp") + "/codec_host.XXXXXX";
    const int descriptor = mkstemp(path.data());
    if (descriptor < 0) throw_errno("making a temporary file " + path);
    unlink(path.c_str());
    return {fdopen(descriptor, "w+b"), "the packed file"};
  }

  const std::string& name() const { return name_; }

  void rewind() { std::rewind(file_.get()); }

  void empty() {
    rewind();
    if (ftruncate(fileno(file_.get()), 0) != 0) throw_errno("emptying " + name_);
  }

  // Up to `size` bytes; fewer only at the end of the file.
  std::size_t read(std::uint8_t* buffer, std::size_t size) {
    const std::size_t got = std::fread(buffer, 1, size, file_.get());
    if (got < size && std::ferror(file_.get()) != 0) throw_errno("reading " + name_);
    return got;
  }

  void write(const tally::Blob& blob) {
    if (blob.empty()) return;
    if (std::fwrite(blob.data(), 1, blob.size(), file_.get()) != blob.size()) throw_errno("writing " + name_);
  }

  void flush() {
    if (std::fflush(file_.get()) != 0) throw_errno("writing " + name_);
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  File(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {
    if (!file_) throw_errno("opening " + name_);
  }

  std::unique_ptr<std::FILE, Close> file_;
  std::string name_;
};

// ---- one module ----

// What came of packing and unpacking the file with one module.
struct Result {
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  double pack_seconds = 0;  // spent in the codec; reading and writing files is not counted
  double unpack_seconds = 0;
  long peak_kib = 0;
};

// Adds the time that `work` takes to `seconds`.
template <typename Work>
auto timed(double& seconds, Work work) {
  const auto start = std::chrono::steady_clock::now();
  auto result = work();
  seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

void pack(const codec::Module& module, File& input, File& packed, Result& result) {
  codec::Encoder encoder = codec::Encoder::create(module, 6);
  const auto store = [&](const tally::Blob& blob) {
    packed.write(blob);
    result.bytes_out += blob.size();
  };

  std::vector<std::uint8_t> chunk(chunk_size);
  while (const std::size_t size = input.read(chunk.data(), chunk.size())) {
    result.bytes_in += size;
    store(timed(result.pack_seconds, [&] { return encoder.write(tally::Bytes(chunk.data(), size)); }));
  }
  store(timed(result.pack_seconds, [&] { return std::move(encoder).finish(); }));
}

// Whether `blob` is what the file has next.
bool same(const tally::Blob& blob, File& input, std::vector<std::uint8_t>& expected) {
  expected.resize(std::max(expected.size(), blob.size()));
  return input.read(expected.data(), blob.size()) == blob.size() &&
         std::equal(blob.data(), blob.data() + blob.size(), expected.data());
}

void unpack(const codec::Module& module, File& packed, File& input, Result& result) {
  codec::Decoder decoder = codec::Decoder::create(module);
  std::uint64_t position = 0;

  std::vector<std::uint8_t> chunk(chunk_size);
  std::vector<std::uint8_t> expected;
  while (const std::size_t size = packed.read(chunk.data(), chunk.size())) {
    tally::Blob blob =
        timed(result.unpack_seconds, [&] { return decoder.write(tally::Bytes(chunk.data(), size)); });
    while (!blob.empty()) {
      if (!same(blob, input, expected)) {
        throw std::runtime_error("within " + std::to_string(blob.size()) + " bytes from byte " +
                                 std::to_string(position) + " on, the result differs from the file");
      }
      position += blob.size();
      blob = timed(result.unpack_seconds, [&] { return decoder.read(); });
    }
  }
  std::move(decoder).finish();
  if (position != result.bytes_in) {
    throw std::runtime_error(std::to_string(position) + " bytes came back of " +
                             std::to_string(result.bytes_in));
  }
}

Result run(const codec::Module& module, File& input, File& packed) {
  Result result;
  input.rewind();
  packed.empty();
  peak_memory_reset();
  pack(module, input, packed, result);
  packed.flush();
  input.rewind();
  packed.rewind();
  unpack(module, packed, input, result);
  result.peak_kib = peak_memory_kib();
  return result;
}

double per(double amount, double unit) {
  return unit > 0 ? amount / unit : 0;
}

void print(const codec::Module& module, const Result& result) {
  const double megabytes = static_cast<double>(result.bytes_in) / 1e6;
  std::printf("%-12s %13" PRIu64 " %13" PRIu64 " %6.2f %10.1f %12.1f %12.1f\n",
              std::string(module.name()).c_str(), result.bytes_in, result.bytes_out,
              per(static_cast<double>(result.bytes_in), static_cast<double>(result.bytes_out)),
              per(megabytes, result.pack_seconds), per(megabytes, result.unpack_seconds),
              static_cast<double>(result.peak_kib) * 1024 / 1e6);
  std::fflush(stdout);
}

// ---- the folder ----

// Every module of the folder, by name; what is no codec module is named with the reason and passed over.
std::vector<codec::Module> load_modules(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".so") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());

  std::vector<codec::Module> modules;
  for (const auto& file : files) {
    try {
      modules.push_back(codec::Module::load(file.string()));
    } catch (const tally::Error& error) {
      std::fprintf(stderr, "skipped %s\n", error.what());
    }
  }
  if (modules.empty()) throw std::runtime_error("no codec module in " + folder.string());
  return modules;
}

// ---- the ledger ----

// Returns whether everything was given back.
bool print_ledger() {
  std::printf("\n");
  std::fflush(stdout);
  tally_ledger_write(STDOUT_FILENO, 0);

  tally_balance sum{};
  const auto add = [](const tally_balance* balance, void* user) {
    auto* total = static_cast<tally_balance*>(user);
    total->issued += balance->issued;
    total->retired += balance->retired;
    total->live += balance->live + balance->deferred;
    return 0;
  };
  tally_ledger_balances(nullptr, add, &sum);
  std::printf("\n%s: %" PRIu64 " issued, %" PRIu64 " retired, %" PRIu64 " live\n",
              sum.live == 0 ? "all balanced" : "NOT BALANCED", sum.issued, sum.retired, sum.live);
  return sum.live == 0;
}

// ---- the program ----

void complain(const std::string& text) {
  std::fprintf(stderr, "codec_host_cpp: %s\n", text.c_str());
}

// Returns whether all went well.
bool run_all(const std::string& folder, const std::string& path) {
  File input = File::open(path);
  File packed = File::temporary();
  std::vector<codec::Module> modules = load_modules(folder);

  std::printf("%s, in chunks of %zu KiB\n\n", path.c_str(), chunk_size / 1024);
  std::printf("%-12s %13s %13s %6s %10s %12s %12s\n", "module", "bytes in", "bytes out", "ratio", "pack MB/s",
              "unpack MB/s", "peak MB");
  bool fine = true;
  for (const codec::Module& module : modules) {
    try {
      print(module, run(module, input, packed));
    } catch (const std::exception& error) {
      complain(std::string(module.name()) + ": " + path + ": " + error.what());
      fine = false;
    }
  }
  fine = print_ledger() && fine;
  for (codec::Module& module : modules) module.unload();
  return fine;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool help = arguments == std::vector<std::string>{"--help"};
  if (help || arguments.size() > 2 || (!arguments.empty() && arguments[0].starts_with("-"))) {
    std::fprintf(
        help ? stdout : stderr,
        "usage: codec_host_cpp [FOLDER] [FILE]\n"
        "Packs FILE with every codec module (*.so) in FOLDER, unpacks it, compares, and shows the ledger.\n"
        "FOLDER is %s and FILE is %s if not given.\n",
        CODEC_MODULES, CODEC_INPUT);
    return help ? 0 : 2;
  }
  try {
    const std::string folder = arguments.empty() ? CODEC_MODULES : arguments[0];
    return run_all(folder, arguments.size() < 2 ? CODEC_INPUT : arguments[1]) ? 0 : 1;
  } catch (const std::exception& error) {
    complain(error.what());
    return 1;
  }
}
