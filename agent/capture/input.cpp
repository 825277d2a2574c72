// SPDX-License-Identifier: Apache-2.0
#include "capture/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

namespace tapwarden {

class Input::Stream {
 public:
  virtual ~Stream() = default;
  /// Fills the front of `target`; 0 at the end or after an error.
  virtual size_t read(std::span<uint8_t> target) = 0;
  virtual uint64_t position() const = 0;
  virtual uint64_t size() const = 0;
  std::string error;
};

namespace {

constexpr size_t kBuffer = 1 << 17;  // stays in the processor's cache until it is read

class Descriptor final : public Input::Stream {
 public:
  explicit Descriptor(const std::string& path) : owned_(path != "-") {
    fd_ = owned_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
    struct stat status {};
    if (::fstat(fd_, &status) == 0 && S_ISDIR(status.st_mode)) {
      ::close(fd_);
      throw std::system_error(EISDIR, std::generic_category(), path);
    }
    if (S_ISREG(status.st_mode)) size_ = static_cast<uint64_t>(status.st_size);
  }
  ~Descriptor() override {
    if (owned_) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  size_t read(std::span<uint8_t> target) override {
    ssize_t count;
    do {
      count = ::read(fd_, target.data(), target.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) error = std::strerror(errno);
    size_t taken = count < 0 ? 0 : static_cast<size_t>(count);
    position_ += taken;
    return taken;
  }
  uint64_t position() const override { return position_; }
  uint64_t size() const override { return size_; }

 private:
  int fd_ = -1;
  bool owned_;
  uint64_t position_ = 0;
  uint64_t size_ = 0;
};

/// What both unpackers share: a packed stream below, and a buffer of packed octets that begins with
/// those that were read to recognise the format.
class Unpacker : public Input::Stream {
 public:
  Unpacker(std::unique_ptr<Input::Stream> packed, Bytes begun)
      : packed_(std::move(packed)), buffer_(kBuffer), end_(begun.size()) {
    std::ranges::copy(begun, buffer_.begin());
  }
  uint64_t position() const override { return packed_->position(); }
  uint64_t size() const override { return packed_->size(); }

 protected:
  /// Packed octets not yet unpacked, read anew when there are none; empty at the end.
  std::span<uint8_t> packed() {
    if (begin_ == end_) {
      begin_ = 0;
      end_ = packed_->read(buffer_);
      if (!packed_->error.empty()) error = packed_->error;
    }
    return {buffer_.data() + begin_, end_ - begin_};
  }
  void consume(size_t size) { begin_ += size; }

 private:
  std::unique_ptr<Input::Stream> packed_;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;
  size_t end_;
};

/// gzip (RFC 1952), several members one after the other too.
class Gzip final : public Unpacker {
 public:
  using Unpacker::Unpacker;
  ~Gzip() override { inflateEnd(&state_); }

  size_t read(std::span<uint8_t> target) override {
    if (!begun_) {
      begun_ = true;
      inflateInit2(&state_, 15 + 16);
    }
    state_.next_out = target.data();
    state_.avail_out = static_cast<uInt>(target.size());
    while (state_.avail_out == target.size() && error.empty()) {
      std::span<uint8_t> input = packed();
      if (input.empty()) {
        if (error.empty() && inside_) error = "the gzip stream ends early";
        break;
      }
      inside_ = true;
      state_.next_in = input.data();
      state_.avail_in = static_cast<uInt>(input.size());
      int result = inflate(&state_, Z_NO_FLUSH);
      consume(input.size() - state_.avail_in);
      if (result == Z_STREAM_END) {
        inside_ = false;
        inflateReset(&state_);
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        error = "the gzip stream is damaged";
      }
    }
    return target.size() - state_.avail_out;
  }

 private:
  z_stream state_{};
  bool begun_ = false;
  bool inside_ = false;
};

/// Zstandard (RFC 8878), several frames one after the other too.
class Zstandard final : public Unpacker {
 public:
  using Unpacker::Unpacker;
  ~Zstandard() override { ZSTD_freeDStream(state_); }

  size_t read(std::span<uint8_t> target) override {
    ZSTD_outBuffer out{target.data(), target.size(), 0};
    while (out.pos == 0 && error.empty()) {
      std::span<uint8_t> input = packed();
      if (input.empty() && !is_full_) {
        if (error.empty() && inside_) error = "the Zstandard stream ends early";
        break;
      }
      ZSTD_inBuffer in{input.data(), input.size(), 0};
      size_t result = ZSTD_decompressStream(state_, &out, &in);
      consume(in.pos);
      if (ZSTD_isError(result) != 0) error = "the Zstandard stream is damaged";
      inside_ = result != 0;
      is_full_ = inside_ && out.pos == out.size;
    }
    return out.pos;
  }

 private:
  ZSTD_DStream* state_ = ZSTD_createDStream();
  bool inside_ = false;
  bool is_full_ = false;  // the last call filled its target: more may be ready without more input
};

}  // namespace

Input::Input() : buffer_(kBuffer) {}
Input::Input(Input&&) noexcept = default;
Input& Input::operator=(Input&&) noexcept = default;
Input::~Input() = default;

Input Input::open(const std::string& path) {
  Input input;
  input.stream_ = std::make_unique<Descriptor>(path);
  Bytes begun = input.peek(4);
  auto starts = [&](std::initializer_list<uint8_t> magic) {
    return begun.size() >= magic.size() && std::equal(magic.begin(), magic.end(), begun.begin());
  };
  begun = Bytes(input.buffer_).first(input.end_);
  if (starts({0x1f, 0x8b})) {
    input.stream_ = std::make_unique<Gzip>(std::move(input.stream_), begun);
  } else if (starts({0x28, 0xb5, 0x2f, 0xfd})) {
    input.stream_ = std::make_unique<Zstandard>(std::move(input.stream_), begun);
  } else {
    return input;
  }
  input.begin_ = input.end_ = 0;
  input.ended_ = false;
  return input;
}

void Input::fill(size_t size) {
  if (begin_ + size > buffer_.size()) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (size > buffer_.size()) buffer_.resize(size);
  }
  while (!ended_ && end_ - begin_ < size) {
    size_t taken = stream_->read(std::span(buffer_).subspan(end_));
    end_ += taken;
    ended_ = taken == 0;
  }
}

Bytes Input::peek(size_t size) {
  if (end_ - begin_ < size) fill(size);
  return {buffer_.data() + begin_, std::min(size, end_ - begin_)};
}

void Input::consume(size_t size) { begin_ += std::min(size, end_ - begin_); }
const std::string& Input::error() const { return stream_->error; }
uint64_t Input::position() const {
  return stream_->position() - std::min<uint64_t>(stream_->position(), end_ - begin_);
}
uint64_t Input::size() const { return stream_->size(); }

}  // namespace tapwarden
