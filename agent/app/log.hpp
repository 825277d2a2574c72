// SPDX-License-Identifier: Apache-2.0
// The daemon's log.
#pragma once

#include "config/settings.hpp"

namespace tapwarden {

/// Begins it, or opens its file anew. Throws spdlog::spdlog_ex where that cannot be opened; the log
/// stays as it was.
void start_log(const config::Log& settings);

}  // namespace tapwarden
