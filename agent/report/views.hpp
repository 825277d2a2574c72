// SPDX-License-Identifier: Apache-2.0
// What the daemon answers, for people and spreadsheets: tables, CSV and one alert's story, made of
// the records. Nothing in a record is trusted: all text is cleaned before a terminal sees it.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

namespace tapwarden {

using Row = std::vector<std::string>;

Row alert_heading();
Row alert_row(const boost::json::object& alert);
Row device_heading();
Row device_row(const boost::json::object& device);

/// Columns as wide as what is in them, the first row in bold.
std::string columns(const std::vector<Row>& rows, bool colour);

/// One line of CSV, as csv_cell() makes its cells: safe in a spreadsheet.
std::string csv_line(const Row& cells);
Row alert_csv_heading();
Row alert_csv(const boost::json::object& alert);
Row device_csv_heading();
Row device_csv(const boost::json::object& device);

/// An alert with its timeline and its evidence.
std::string alert_text(const boost::json::object& alert, bool colour);
/// How the daemon fares.
std::string status_text(const boost::json::object& status, bool colour);

}  // namespace tapwarden
