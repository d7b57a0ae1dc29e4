// SPDX-License-Identifier: MIT
//
// Fibers in place of threads, for speed where nobody looks for races: with -DCUDA_ON_FIBERS a grid runs
// on the calling thread, and a CUDA thread that waits at a barrier hands over to the next one. A thousand
// of them cost milliseconds, and a grid that waits for ever is recognised: nobody is left to hand over to.
// Threads and blocks take turns in the order of their numbers or, with CUDA_ON_THREADS_SEED=N in the environment, in
// random ones: a program whose answers then differ has a race, though not every race shows so.
// x86-64 and System V calls only.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

// Keeps the caller's registers on its stack, whose address goes to *from, and goes on where `to` stopped.
extern "C" __attribute__((visibility("hidden"))) void cuda_on_threads_switch(void** from, void* to);
asm(R"(
.text
.hidden cuda_on_threads_switch
.type cuda_on_threads_switch, @function
cuda_on_threads_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
.size cuda_on_threads_switch, .-cuda_on_threads_switch
)");

namespace cuda_on_threads {

[[noreturn]] inline void give_up(const char* format, std::size_t number)
{
    std::fputs("cuda_on_threads: ", stderr);
    std::fprintf(stderr, format, number);
    std::fputc('\n', stderr);
    std::abort();
}

struct Fiber {
    void* stopped = nullptr;  // its stack pointer
    Fiber* next = nullptr;    // in the queue that it waits in
    void* owner = nullptr;    // what runs on it keeps its own here
    std::function<void()> work;
};

// First come, first served.
struct Queue {
    Fiber *first = nullptr, *last = nullptr;

    void push(Fiber* fiber)
    {
        fiber->next = nullptr;
        (first ? last->next : first) = fiber;
        last = fiber;
    }

    Fiber* pop()
    {
        Fiber* fiber = first;
        if (fiber) first = fiber->next;
        return fiber;
    }

    void append(Queue& other)
    {
        if (!other.first) return;
        (first ? last->next : first) = other.first;
        last = other.last;
        other.first = nullptr;
    }
};

inline Fiber* running = nullptr;
inline Queue ready;
inline Fiber caller;  // of the whole grid: goes on when no fiber can

inline void hand_over()
{
    Fiber* from = running;
    running = ready.pop();
    if (!running) running = &caller;
    if (running != from) cuda_on_threads_switch(&from->stopped, running->stopped);
}

class Barrier {
public:
    explicit Barrier(std::ptrdiff_t members) : members(members), missing(members) {}

    void arrive_and_wait()
    {
        waiting.push(running);
        arrive();
        hand_over();
    }

    void arrive_and_drop()
    {
        members--;
        arrive();
    }

    // 0 or 1 in turn, each time that all have come.
    int turn() const { return meetings & 1; }

private:
    void arrive()
    {
        if (--missing > 0) return;
        missing = members;
        meetings++;
        ready.append(waiting);
    }

    std::ptrdiff_t members, missing;
    unsigned meetings = 0;
    Queue waiting;
};

// The stacks of a grid, kept for the next one.
class Stacks {
public:
    static constexpr std::size_t BYTES = 128 << 10;

    bool in_use = false;

    // A process that is told to end does so in the middle of a grid.
    ~Stacks()
    {
        if (!in_use) release();
    }

    // Top of stack i of n.
    void** top(std::size_t i, std::size_t n)
    {
        if (n > count) grow(n);
        *bottom(i) = UNTOUCHED;
        return reinterpret_cast<void**>(memory + (i + 1) * BYTES);
    }

    bool overran(std::size_t i) { return *bottom(i) != UNTOUCHED; }

private:
    static constexpr std::uint64_t UNTOUCHED = 0x5afe5afe5afe5afe;

    std::uint64_t* bottom(std::size_t i) { return reinterpret_cast<std::uint64_t*>(memory + i * BYTES); }

    void grow(std::size_t n)
    {
        release();
        void* made = mmap(nullptr, n * BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (made == MAP_FAILED) give_up("no memory for the stacks of %zu threads", n);
        memory = static_cast<char*>(made);
        count = n;
    }

    void release()
    {
        if (count > 0) munmap(memory, count * BYTES);
        count = 0;
    }

    char* memory = nullptr;
    std::size_t count = 0;
};

// The order in which n take their turns.
inline std::vector<std::size_t> turns(std::size_t n)
{
    static const char* const seed = std::getenv("CUDA_ON_THREADS_SEED");
    static std::minstd_rand random(seed ? unsigned(std::atoi(seed)) + 1 : 0);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), 0);
    if (seed) std::shuffle(order.begin(), order.end(), random);
    return order;
}

// Runs what it is given side by side.
class Together {
public:
    template <class F>
    void add(F work)
    {
        fibers.emplace_back().work = work;
    }

    void finish()
    {
        left = fibers.size();
        stacks.in_use = true;
        for (std::size_t i = 0; i < fibers.size(); i++) {
            // As if `start` had been called: its frame must lie 8 bytes off a multiple of 16.
            void** top = stacks.top(i, fibers.size()) - 2;
            *top = reinterpret_cast<void*>(&start);
            fibers[i].stopped = top - 6;
        }
        for (std::size_t i : turns(fibers.size())) ready.push(&fibers[i]);
        running = &caller;
        hand_over();
        if (left > 0) give_up("%zu threads wait for others that never come", left);
        for (std::size_t i = 0; i < fibers.size(); i++)
            if (stacks.overran(i)) give_up("thread %zu needs a larger stack", i);
        stacks.in_use = false;
    }

private:
    [[noreturn]] static void start()
    {
        running->work();
        left--;
        hand_over();
        std::abort();
    }

    static inline Stacks stacks;
    static inline std::size_t left = 0;
    std::deque<Fiber> fibers;
};

}  // namespace cuda_on_threads
