// SPDX-License-Identifier: MIT
//
// A main program around a generated Dynae program on CPU threads: launches one kernel on arrays
// that lie in files. Include cuda_on_threads.h and the kernel text before it.
//
//   program KERNEL BLOCKS THREADS ARENA FRAMES TARGETS LIST [SIZE]
//   program KERNEL BLOCKS THREADS ARENA FRAMES TARGETS LIST CLUSTER SHARED_BYTES NAMED_THREADS
//
// The second form launches the step kernel of a team.
// The four files hold 4-byte elements; ARENA and LIST are written back when the kernel has run.
#pragma once

namespace cuda_on_threads {

class Array {
public:
    explicit Array(const char* path) : path(path)
    {
        std::FILE* file = std::fopen(path, "rb");
        if (!file) fail("a file of an argument cannot be read");
        std::fseek(file, 0, SEEK_END);
        bytes.resize(std::size_t(std::ftell(file)));
        std::rewind(file);
        if (std::fread(bytes.data(), 1, bytes.size(), file) != bytes.size()) fail("short read");
        std::fclose(file);
    }

    void save() const
    {
        std::FILE* file = std::fopen(path, "wb");
        if (!file) fail("a file of an argument cannot be written");
        if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) fail("short write");
        std::fclose(file);
    }

    float* floats() { return reinterpret_cast<float*>(bytes.data()); }

    int* ints() { return reinterpret_cast<int*>(bytes.data()); }

private:
    const char* path;
    std::vector<unsigned char> bytes;
};

class Launch {
public:
    Launch(int count, char** words) : words(words)
    {
        if (count != 8 && count != 9 && count != 11)
            fail("usage: program KERNEL BLOCKS THREADS ARENA FRAMES TARGETS LIST"
                 " [SIZE | CLUSTER SHARED_BYTES NAMED_THREADS]");
        if (count == 11) {
            cluster = std::atoi(words[8]);
            shared_bytes = std::atoi(words[9]);
            named_threads = std::atoi(words[10]);
        }
    }

    // Runs `kernel` if it is the one asked for.
    template <class... A>
    void offer(const char* name, void (*kernel)(A...))
    {
        if (std::strcmp(name, words[1]) != 0) return;
        Array arena(words[4]), frames(words[5]), targets(words[6]), list(words[7]);
        run_grid(std::atoi(words[2]), std::atoi(words[3]), [&] {
            if constexpr (sizeof...(A) == 5)
                kernel(arena.floats(), frames.floats(), targets.floats(), list.ints(),
                       std::atoi(words[8]));
            else
                kernel(arena.floats(), frames.floats(), targets.floats(), list.ints());
        }, cluster, shared_bytes, named_threads, together());
        arena.save();
        list.save();
        found = true;
    }

    int finish() const
    {
        if (!found) fail("no kernel of that name");
        return 0;
    }

private:
    // Blocks that share nothing but memory need not all run at once: no more threads than a CPU holds well.
    int together() const
    {
        return cluster == 1 && named_threads == 0 && shared_bytes > 0 ? std::max(1, 1024 / std::atoi(words[3])) : 0;
    }

    char** words;
    int cluster = 1, shared_bytes = 0, named_threads = 0;
    bool found = false;
};

}  // namespace cuda_on_threads
