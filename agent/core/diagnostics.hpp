// SPDX-License-Identifier: Apache-2.0
// What is wrong in the operator's files: collected, never thrown one by one, and told all at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tapwarden {

/// One mistake at one place. Lines and columns count from 1; 0 means the place is the file as a
/// whole.
struct Diagnostic {
  std::string file;
  size_t line = 0;
  size_t column = 0;
  std::string message;  ///< "key: what is wrong, what is allowed"

  /// file:line:column: message
  std::string text() const;
};

class Diagnostics {
 public:
  /// What a terminal would obey, an end of line too, becomes a blank.
  void add(std::string_view file, size_t line, size_t column, std::string message);
  bool empty() const { return all_.empty(); }
  const std::vector<Diagnostic>& all() const { return all_; }
  void sort();  ///< by file, line and column

 private:
  std::vector<Diagnostic> all_;
};

}  // namespace tapwarden
