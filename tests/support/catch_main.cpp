// SPDX-License-Identifier: Apache-2.0
#if CATCH2_MAJOR < 3
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#else
#include <catch2/catch_session.hpp>
int main(int count, char** values) { return Catch::Session().run(count, values); }
#endif
