// codec over lz4.
#include "lz4_codec.hpp"

#include <array>
#include <new>

namespace lz4_codec {

namespace {

constexpr std::array lz4_levels{-20, -12, -8, -4, -2, 0, 4, 9, 12};

// lz4 has no public way to tell its errors apart but their names.
bool out_of_memory(std::size_t result) {
  return LZ4F_isError(result) != 0 && std::string(LZ4F_getErrorName(result)) == "ERROR_allocation_failed";
}

// The result of a call that only lack of memory can make fail.
std::size_t checked(std::size_t result) {
  if (out_of_memory(result)) throw std::bad_alloc();
  if (LZ4F_isError(result) != 0) throw std::runtime_error(std::string("lz4: ") + LZ4F_getErrorName(result));
  return result;
}

}  // namespace

Encoder::Encoder(std::int32_t level) {
  const auto index = static_cast<std::size_t>(codec_stream::checked_level(level) - 1);
  preferences_.compressionLevel = lz4_levels.at(index);
  preferences_.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  checked(LZ4F_createCompressionContext(&lz4_, LZ4F_VERSION));
}

Encoder::~Encoder() {
  LZ4F_freeCompressionContext(lz4_);
}

// LZ4F_compressBound() counts what earlier chunks have left behind as well, so the output never has to grow.
tally::Buffer Encoder::write(tally::Bytes chunk) {
  codec_stream::Output output(LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(chunk.size(), &preferences_));
  return unbroken_.during([&] {
    begin(output);
    output.add(checked(
        LZ4F_compressUpdate(lz4_, output.next(), output.room(), chunk.data(), chunk.size(), nullptr)));
    return output.take();
  });
}

tally::Buffer Encoder::finish() && {
  codec_stream::Output output(LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(0, &preferences_));
  return unbroken_.during([&] {
    begin(output);
    output.add(checked(LZ4F_compressEnd(lz4_, output.next(), output.room(), nullptr)));
    return output.take();
  });
}

void Encoder::begin(codec_stream::Output& output) {
  if (begun_) return;
  output.add(checked(LZ4F_compressBegin(lz4_, output.next(), output.room(), &preferences_)));
  begun_ = true;
}

Frame::Frame() {
  checked(LZ4F_createDecompressionContext(&lz4_, LZ4F_VERSION));
}

Frame::~Frame() {
  LZ4F_freeDecompressionContext(lz4_);
}

codec_stream::Step Frame::unpack(tally::Bytes input, std::uint8_t* output, std::size_t room) {
  std::size_t read = input.size();
  std::size_t written = room;
  const std::size_t result = LZ4F_decompress(lz4_, output, &written, input.data(), &read, nullptr);
  if (out_of_memory(result)) throw std::bad_alloc();
  if (LZ4F_isError(result) != 0) throw codec::CorruptInput(std::string("lz4: ") + LZ4F_getErrorName(result));
  return {read, written, result == 0};
}

}  // namespace lz4_codec
