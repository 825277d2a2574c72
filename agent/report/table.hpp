// SPDX-License-Identifier: Apache-2.0
// The result of a scan for people: flagged devices first with their evidence, then the others, then
// the sums; and the same devices as CSV.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "inventory/inventory.hpp"
#include "policy/alerts.hpp"
#include "report/names.hpp"
#include "report/summary.hpp"

namespace tapwarden {

struct TableStyle {
  bool colour = false;
  bool show_source = false;  ///< name the capture of each piece of evidence: when there are several
};

std::string table(const Inventory& inventory, const Alerts& alerts, const Summary& summary,
                  const Names& names, TableStyle style);

/// RFC 4180 with a header line. A value that a spreadsheet would take for a formula gets a quote
/// mark before it.
std::string csv(const Inventory& inventory, const Alerts& alerts, const Names& names);

/// One cell: quoted where it must be, defused where it could be a formula (leading = + - @ and
/// control characters).
std::string csv_cell(std::string_view text);

}  // namespace tapwarden
