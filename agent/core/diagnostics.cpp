// SPDX-License-Identifier: Apache-2.0
#include "core/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace tapwarden {

std::string Diagnostic::text() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

void Diagnostics::add(std::string_view file, size_t line, size_t column, std::string message) {
  all_.push_back({std::string(file), line, column, std::move(message)});
}

void Diagnostics::sort() {
  std::ranges::stable_sort(all_, {},
                           [](const Diagnostic& d) { return std::tie(d.file, d.line, d.column); });
}

}  // namespace tapwarden
