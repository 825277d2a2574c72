// SPDX-License-Identifier: Apache-2.0
// Input: a file or standard input as a stream of octets, gzip and Zstandard unpacked on the way.
// Memory does not grow with the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/reader.hpp"

namespace tapwarden {

class Input {
 public:
  /// Opens `path`, or standard input for "-". Throws std::system_error when it cannot.
  static Input open(const std::string& path);
  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;
  ~Input();

  /// The next `size` octets, contiguous and valid until the next call; fewer only where the stream
  /// ends. `size` is bounded by the caller: the buffer grows to hold it.
  Bytes peek(size_t size);
  void consume(size_t size);

  /// Why the stream ended before its end (damaged compression, read error), or empty.
  const std::string& error() const;
  /// Octets of the file itself read so far, and its size where it has one (0 for a pipe): for a
  /// progress bar.
  uint64_t position() const;
  uint64_t size() const;

  class Stream;  // where octets come from: a descriptor, or an unpacker over one

 private:
  Input();
  void fill(size_t size);

  std::unique_ptr<Stream> stream_;
  std::vector<uint8_t> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace tapwarden
