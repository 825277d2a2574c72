// SPDX-License-Identifier: Apache-2.0
// JsonScan: walks the leaf values of a JSON document (RFC 8259) in order, each with the path of
// keys that leads to it. No allocation and no recursion, whatever the document.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dissect/decoded_text.hpp"

namespace tapwarden {

class JsonScan {
 public:
  static constexpr size_t depth_max = 16;
  static constexpr size_t path_max = 256;   ///< a longer path is malformed
  static constexpr size_t text_max = 1024;  ///< what is longer is cut

  explicit JsonScan(std::string_view document) : rest_(document) {}

  /// On to the next string, number, true, false or null. False at the end of the document's value,
  /// after which nothing is read, and where it is malformed, which clears ok().
  bool next();
  bool ok() const { return ok_; }

  /// The keys with dots between them. The elements of an array bear the array's own path.
  std::string_view path() const { return path_.view(); }
  /// A string decoded, without its quotes; everything else as it is written.
  std::string_view text() const { return text_.view(); }
  bool is_string() const { return is_string_; }

 private:
  struct Container {
    char end;  // '}' or ']'
    size_t path_size;
  };

  bool fail();
  bool read_value();
  bool read_literal();
  bool open(char end);
  bool close();
  bool read_key();
  char take_mark();
  template <size_t Bound>
  bool read_string(DecodedText<Bound>& target);
  bool read_unit(uint32_t& unit);

  std::string_view rest_;
  std::array<Container, depth_max> open_;
  size_t depth_ = 0;
  bool value_due_ = true;
  bool is_string_ = false;
  bool ok_ = true;
  DecodedText<path_max> path_;
  DecodedText<text_max> text_;
};

}  // namespace tapwarden
