// What the scheduler and the checker know of one another.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

struct Index3 { unsigned x, y, z; };

enum class State { Ready, AtBarrier, InWarp, Done };

// A thread of the running block. It begins with what kernels see of it (device.h, EmulatedThread).
struct Fibre {
    Index3 thread, block, block_extent, grid_extent;
    void* stack_pointer;
    char* stack;
    int number;
    State state;
    unsigned mask;

    int warp() const { return number >> 5; }
    int lane() const { return number & 31; }
};

// The block that is running. Accesses in different epochs are ordered by a barrier of the block; those of one warp, in
// different epochs of the warp, by one of the warp.
struct Block {
    int number = 0;
    uint32_t epoch = 0;
    std::vector<uint32_t> warp_epochs;
};

extern Block running;
extern bool checking;
extern std::vector<Fibre> fibres;
extern char *stacks, *stacks_end;
extern "C" { extern Fibre* emulated_thread; }  // the one that runs

// Note a fault, at most 20 of them.
void report(const char* format, ...) __attribute__((format(printf, 1, 2)));
// Give up the running block: the access that is about to happen would not be safe. Does not return.
void stop_block();
// The shared memory of a block holds nothing that its threads have not written.
void checker_enter_launch(char* shared, char* shared_end, void* code);
void checker_enter_block();
// A copy in the background begins, or has arrived.
void checker_copy(char* place, size_t bytes, bool arrived, void* code);
// No thread of a block that begins has begun a copy.
void copies_enter_block();
