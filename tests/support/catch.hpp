// SPDX-License-Identifier: Apache-2.0
// Catch2 2 (Debian 12) and 3 (Debian 13) have different headers: the difference stands here and in
// catch_main.cpp.
#pragma once

#if CATCH2_MAJOR < 3
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
#endif
