// SPDX-License-Identifier: MIT
//
// cuBLAS as far as Dynae calls it, on the streams of driver.h.
#include "driver.h"

namespace {

namespace blas {
enum Status { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
}
using namespace blas;

struct Handle { gpu_on_threads::Stream* stream = nullptr; };

bool held(const void* at, std::size_t size)
{
    LOCKED;
    return gpu_on_threads::on_device(reinterpret_cast<std::uintptr_t>(at), size);
}

int queued(Handle* handle, gpu_on_threads::Work work)
{
    LOCKED;
    return gpu_on_threads::queue(handle->stream, std::move(work)) == gpu_on_threads::SUCCESS ? SUCCESS : EXECUTION_FAILED;
}

// Bytes of `count` column-major matrices of `columns` columns, `stride` elements apart.
std::size_t bytes(int rows, int columns, int leading, long long stride, int count)
{
    return sizeof(float) * (std::size_t(count - 1) * stride + std::size_t(columns - 1) * leading + rows);
}

}  // namespace

#define CUBLAS DRIVER

CUBLAS cublasCreate_v2(Handle** made) { *made = new Handle(); return SUCCESS; }

CUBLAS cublasDestroy_v2(Handle* handle) { delete handle; return SUCCESS; }

CUBLAS cublasSetStream_v2(Handle* handle, gpu_on_threads::Stream* stream) { handle->stream = stream; return SUCCESS; }

CUBLAS cublasSetWorkspace_v2(Handle*, void* at, std::size_t size) { return held(at, size) ? SUCCESS : INVALID_VALUE; }

CUBLAS cublasSetMathMode(Handle*, int) { return SUCCESS; }

CUBLAS cublasSetPointerMode_v2(Handle*, int mode) { return mode == 0 ? SUCCESS : NOT_SUPPORTED; }

// C = alpha op(A) op(B) + beta C, column by column, `count` times.
CUBLAS cublasSgemmStridedBatched(Handle* handle, int turn_a, int turn_b, int m, int n, int k, const float* alpha, const float* a,
                                 int lda, long long stride_a, const float* b, int ldb, long long stride_b, const float* beta,
                                 float* c, int ldc, long long stride_c, int count)
{
    if (!handle->stream) return NOT_INITIALIZED;
    int rows_a = turn_a ? k : m, columns_a = turn_a ? m : k, rows_b = turn_b ? n : k, columns_b = turn_b ? k : n;
    if (m < 1 || n < 1 || k < 1 || count < 1 || lda < rows_a || ldb < rows_b || ldc < m) return INVALID_VALUE;
    if (!held(a, bytes(rows_a, columns_a, lda, stride_a, count)) ||
        !held(b, bytes(rows_b, columns_b, ldb, stride_b, count)) ||
        !held(c, bytes(m, n, ldc, stride_c, count)))
        return INVALID_VALUE;
    auto work = [=, alpha = *alpha, beta = *beta] {
        for (int i = 0; i < count; i++)
            for (int column = 0; column < n; column++)
                for (int row = 0; row < m; row++) {
                    double sum = 0;
                    for (int s = 0; s < k; s++)
                        sum += double(a[i * stride_a + (turn_a ? std::size_t(row) * lda + s : std::size_t(s) * lda + row)]) *
                               b[i * stride_b + (turn_b ? std::size_t(s) * ldb + column : std::size_t(column) * ldb + s)];
                    // beta 0 overwrites even what is not a number.
                    float& to = c[i * stride_c + std::size_t(column) * ldc + row];
                    to = float(alpha * sum + (beta == 0 ? 0.0 : double(beta) * to));
                }
    };
    return queued(handle, work);
}

// y = alpha A x + beta y, A by columns and not turned.
CUBLAS cublasSgemv_v2(Handle* handle, int turn, int m, int n, const float* alpha, const float* a, int lda, const float* x,
                      int incx, const float* beta, float* y, int incy)
{
    if (!handle->stream) return NOT_INITIALIZED;
    if (turn != 0 || incx != 1 || incy != 1) return NOT_SUPPORTED;
    if (m < 1 || n < 1 || lda < m || !held(a, bytes(m, n, lda, 0, 1)) ||
        !held(x, bytes(n, 1, n, 0, 1)) || !held(y, bytes(m, 1, m, 0, 1)))
        return INVALID_VALUE;
    auto work = [=, alpha = *alpha, beta = *beta] {
        for (int row = 0; row < m; row++) {
            double sum = 0;
            for (int column = 0; column < n; column++) sum += double(a[std::size_t(column) * lda + row]) * x[column];
            y[row] = float(alpha * sum + (beta == 0 ? 0.0 : double(beta) * y[row]));
        }
    };
    return queued(handle, work);
}
