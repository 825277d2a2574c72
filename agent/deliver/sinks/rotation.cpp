// SPDX-License-Identifier: Apache-2.0
#include "deliver/sinks/rotation.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace tapwarden {

namespace {

constexpr size_t kBlock = 64 << 10;

[[noreturn]] void refuse(const std::filesystem::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, 0640)) {
    if (number_ < 0) refuse(path);
  }
  ~Descriptor() { ::close(number_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int operator*() const { return number_; }

 private:
  int number_;
};

void write_all(int descriptor, const char* octets, size_t size) {
  while (size != 0) {
    ssize_t count = ::write(descriptor, octets, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) refuse("write");
    octets += count;
    size -= static_cast<size_t>(count);
  }
}

/// Takes blocks of the file and writes them compressed; the last call ends the stream.
class Compressor {
 public:
  virtual ~Compressor() = default;
  virtual void take(std::string_view octets, bool is_last) = 0;
};

class Zstd : public Compressor {
 public:
  explicit Zstd(int target) : target_(target), stream_(ZSTD_createCCtx(), ZSTD_freeCCtx) {
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }
  void take(std::string_view octets, bool is_last) override {
    ZSTD_inBuffer input{octets.data(), octets.size(), 0};
    size_t left = 1;
    while (left != 0 && (is_last || input.pos < input.size)) {
      ZSTD_outBuffer output{buffer_.data(), buffer_.size(), 0};
      left = ZSTD_compressStream2(stream_.get(), &output, &input,
                                  is_last ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left)) throw std::system_error(std::make_error_code(std::errc::io_error));
      write_all(target_, buffer_.data(), output.pos);
      if (!is_last) left = 1;
    }
  }

 private:
  int target_;
  std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> stream_;
  std::string buffer_ = std::string(kBlock, '\0');
};

class Gzip : public Compressor {
 public:
  explicit Gzip(int target) : target_(target) {
    constexpr int gzip_window = 15 + 16;
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::bad_alloc();
  }
  ~Gzip() override { deflateEnd(&stream_); }
  void take(std::string_view octets, bool is_last) override {
    std::string input(octets);
    stream_.next_in = reinterpret_cast<Bytef*>(input.data());
    stream_.avail_in = static_cast<uInt>(input.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, is_last ? Z_FINISH : Z_NO_FLUSH);
      write_all(target_, buffer_.data(), buffer_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

 private:
  int target_;
  z_stream stream_{};
  std::string buffer_ = std::string(kBlock, '\0');
};

/// False where it was told to stop.
bool compress(int source, Compressor& compressor, const std::stop_token& stop) {
  std::string block(kBlock, '\0');
  for (;;) {
    if (stop.stop_requested()) return false;
    ssize_t count = ::read(source, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) refuse("read");
    compressor.take({block.data(), static_cast<size_t>(count)}, count == 0);
    if (count == 0) return true;
  }
}

void compress(const std::filesystem::path& path, FileCompression compression,
              const std::stop_token& stop) {
  std::string name = path.string() + (compression == FileCompression::zstd ? ".zst" : ".gz");
  std::string unfinished = name + ".new";
  Descriptor source(path, O_RDONLY);
  Descriptor target(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
  std::unique_ptr<Compressor> compressor;
  if (compression == FileCompression::zstd) compressor = std::make_unique<Zstd>(*target);
  if (compression == FileCompression::gzip) compressor = std::make_unique<Gzip>(*target);
  bool is_whole = false;
  try {
    is_whole = compress(*source, *compressor, stop);
    struct stat what {};
    if (is_whole && ::fstat(*source, &what) == 0) {
      timespec times[2] = {what.st_atim, what.st_mtim};
      ::futimens(*target, times);
    }
    if (is_whole && ::fsync(*target) != 0) refuse(unfinished);
  } catch (...) {
    ::unlink(unfinished.c_str());
    throw;
  }
  if (!is_whole) {
    ::unlink(unfinished.c_str());
    return;
  }
  std::filesystem::rename(unfinished, name);
  std::filesystem::remove(path);
}

}  // namespace

std::vector<RotatedFile> rotated_files(const std::filesystem::path& path) {
  std::vector<RotatedFile> found;
  std::string prefix = path.filename().string() + '.';
  auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix)) continue;
    RotatedFile file{0, entry.path(), false};
    const char* end = name.data() + name.size();
    auto [rest, error] = std::from_chars(name.data() + prefix.size(), end, file.number);
    std::string_view suffix(rest, static_cast<size_t>(end - rest));
    file.is_compressed = suffix == ".zst" || suffix == ".gz";
    if (error == std::errc() && (suffix.empty() || file.is_compressed)) found.push_back(file);
  }
  std::ranges::sort(found, {}, [](const RotatedFile& file) {
    return std::pair(file.number, !file.is_compressed);
  });
  return found;
}

void rotate(const std::filesystem::path& path) {
  auto files = rotated_files(path);
  uint64_t number = files.empty() ? 1 : files.back().number + 1;
  std::filesystem::rename(path, path.string() + '.' + std::to_string(number));
}

void tidy(const std::filesystem::path& path, unsigned keep, FileCompression compression,
          const std::stop_token& stop) {
  auto files = rotated_files(path);
  for (; files.size() > keep; files.erase(files.begin()))
    std::filesystem::remove(files.front().path);
  for (const RotatedFile& file : files) {
    if (stop.stop_requested() || compression == FileCompression::none) return;
    if (!file.is_compressed) compress(file.path, compression, stop);
  }
}

Tidier::Tidier(std::filesystem::path path, unsigned keep, FileCompression compression)
    : path_(std::move(path)), keep_(keep), compression_(compression) {}

void Tidier::wake() {
  {
    std::lock_guard lock(mutex_);
    is_wanted_ = true;
  }
  if (!thread_.joinable())
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  wanted_.notify_one();
}

void Tidier::run(const std::stop_token& stop) {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (!wanted_.wait(lock, stop, [this] { return is_wanted_; })) return;
      is_wanted_ = false;
    }
    try {
      tidy(path_, keep_, compression_, stop);
    } catch (const std::exception&) {  // a full disk: the next rotation tries again
    }
  }
}

}  // namespace tapwarden
