// codec over zstd.
#include "zstd_codec.hpp"

#include <zstd_errors.h>

#include <array>
#include <new>

namespace zstd_codec {

namespace {

constexpr std::array zstd_levels{-5, -3, -1, 1, 2, 3, 7, 13, 19};
constexpr int largest_window_log = 23;  // level 19's: 8 MiB

bool out_of_memory(std::size_t result) {
  return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation;
}

// The result of a call that only lack of memory can make fail.
std::size_t checked(std::size_t result) {
  if (out_of_memory(result)) throw std::bad_alloc();
  if (ZSTD_isError(result) != 0) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(result));
  return result;
}

}  // namespace

Encoder::Encoder(std::int32_t level) : zstd_(ZSTD_createCStream()) {
  const int zstd_level = zstd_levels.at(static_cast<std::size_t>(codec_stream::checked_level(level) - 1));
  if (!zstd_) throw std::bad_alloc();
  checked(ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, zstd_level));
  checked(ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_checksumFlag, 1));
}

tally::Buffer Encoder::write(tally::Bytes chunk) {
  return pack(chunk, ZSTD_e_continue);
}

tally::Buffer Encoder::finish() && {
  return pack({}, ZSTD_e_end);
}

// zstd is done when it has read all of a chunk, or at the end when it says that nothing is left to write.
tally::Buffer Encoder::pack(tally::Bytes chunk, ZSTD_EndDirective directive) {
  // At most one block of earlier chunks, 128 KiB, comes out with this one.
  codec_stream::Output output(ZSTD_compressBound(chunk.size()) + ZSTD_CStreamOutSize());
  return unbroken_.during([&] {
    ZSTD_inBuffer input{chunk.data(), chunk.size(), 0};
    bool done = false;
    while (!done) {
      if (output.room() == 0) output.grow();
      ZSTD_outBuffer written{output.next(), output.room(), 0};
      const std::size_t left = checked(ZSTD_compressStream2(zstd_.get(), &written, &input, directive));
      output.add(written.pos);
      done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
    }
    return output.take();
  });
}

Frame::Frame() : zstd_(ZSTD_createDStream()) {
  if (!zstd_) throw std::bad_alloc();
  checked(ZSTD_DCtx_setParameter(zstd_.get(), ZSTD_d_windowLogMax, largest_window_log));
}

codec_stream::Step Frame::unpack(tally::Bytes input, std::uint8_t* output, std::size_t room) {
  ZSTD_inBuffer read{input.data(), input.size(), 0};
  ZSTD_outBuffer written{output, room, 0};
  const std::size_t result = ZSTD_decompressStream(zstd_.get(), &written, &read);
  if (out_of_memory(result)) throw std::bad_alloc();
  if (ZSTD_isError(result) != 0) throw codec::CorruptInput(std::string("zstd: ") + ZSTD_getErrorName(result));
  return {read.pos, written.pos, result == 0};
}

}  // namespace zstd_codec
