// SPDX-License-Identifier: MIT
package io.dynae.testing;

import io.dynae.compute.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Backends that say they have little memory. */
public final class LittleMemory {
  private LittleMemory() {}

  /** The same backend, with {@code bytes} for tables; closing it leaves {@code backend} open. */
  public static Backend of(Backend backend, long bytes) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("tableBytes")) {
                return bytes;
              }
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(backend, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
