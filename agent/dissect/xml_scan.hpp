// SPDX-License-Identifier: Apache-2.0
// XmlScan: walks the elements of an XML document that hold text and nothing else. It is made for
// the small documents that devices announce themselves with: no allocation, no entity but the five
// of XML 1.0 and numbers, no document type.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "dissect/decoded_text.hpp"

namespace tapwarden {

class XmlScan {
 public:
  static constexpr size_t depth_max = 16;
  static constexpr size_t text_max = 4096;  ///< what is longer is cut

  explicit XmlScan(std::string_view document);

  /// On to the end of the next element without child elements. False at the end of the root
  /// element, after which nothing is read, and where the document is malformed, which clears ok().
  bool next();
  bool ok() const { return ok_; }

  // Names come without their namespace prefix.
  std::string_view root() const { return root_; }      ///< known from its start tag on
  std::string_view name() const { return name_; }      ///< of the element
  std::string_view parent() const { return parent_; }  ///< of the element that holds it
  size_t depth() const { return depth_ + 1; }          ///< of the element; the root's is 1
  /// Of the element at that depth that holds it; empty where there is none.
  std::string_view ancestor(size_t depth) const;
  /// Decoded, blanks at both ends included.
  std::string_view text() const { return text_.view(); }

 private:
  bool fail();
  bool read_text();
  bool read_markup();
  bool read_start_tag();
  bool read_end_tag();
  bool end_element();
  bool skip_past(std::string_view end);
  void append_entity();

  std::string_view rest_;
  std::array<std::string_view, depth_max> open_;  // names as written
  size_t depth_ = 0;
  bool leaf_ = false;   // the innermost open element has no child element so far
  bool ended_ = false;  // an element without children has just ended
  bool ok_ = true;
  std::string_view root_;
  std::string_view name_;
  std::string_view parent_;
  DecodedText<text_max> text_;
};

}  // namespace tapwarden
