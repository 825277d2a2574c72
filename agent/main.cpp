// SPDX-License-Identifier: Apache-2.0
#include "app/commands.hpp"

int main(int count, char** arguments) { return tapwarden::main_of(count, arguments); }
