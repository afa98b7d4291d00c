// tallystick.Blob: memory that a module made and Python owns. Its buffer is the author's own memory, readable
// and writable; what reads it through the buffer protocol copies nothing.
#include <cstring>
#include <string>

#include "core_module.hpp"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

struct BlobObject {
  PyObject_HEAD tally_blob blob;  // without a token: closed
  ModuleObject* module;           // strong: its author's container is in there
  Py_ssize_t exports;             // buffers that are open
  bool is_lent;                   // a call under way may take it
  bool was_taken;                 // by a call; otherwise what is closed was closed
  std::uint32_t forks;
};

BlobObject& blob_of(PyObject* self) {
  return *reinterpret_cast<BlobObject*>(self);
}

bool is_open(PyObject* self, const char* function) {
  const BlobObject& object = blob_of(self);
  if (object.blob.owner) return true;
  raise_closed(self, function, object.was_taken ? "it was given away" : "it was closed before");
  return false;
}

// Whether no buffer of it is open; otherwise it can't be `closed`, or what is to become of it.
bool has_no_buffers(const BlobObject& object, const char* what) {
  if (object.exports == 0) return true;
  PyErr_Format(PyExc_BufferError, "the blob can't be %s: %zd buffer%s of it, as a memoryview, %s open", what,
               object.exports, object.exports == 1 ? "" : "s", object.exports == 1 ? "is" : "are");
  return false;
}

PyObject* close(PyObject* self, PyObject*) {
  BlobObject& object = blob_of(self);
  if (!object.blob.owner) Py_RETURN_NONE;
  if (!has_no_buffers(object, "closed")) return nullptr;
  tally_blob blob = object.blob;
  object.blob = tally_blob{};
  const tally_status status = without_gil(*object.module, [&] { return tally_blob_free(&blob); });
  if (status < 0) return raise(status, nullptr, 0);
  Py_RETURN_NONE;
}

// The GIL is held: another thread that looked at the blob meanwhile would see memory that has gone.
PyObject* resize(PyObject* self, PyObject* given) {
  if (!PyLong_Check(given)) {
    PyErr_Format(PyExc_TypeError, "resize() argument 'size' must be int, not %s", Py_TYPE(given)->tp_name);
    return nullptr;
  }
  const std::size_t size = PyLong_AsSize_t(given);
  if (size == static_cast<std::size_t>(-1) && PyErr_Occurred()) return nullptr;
  if (!is_open(self, "resize")) return nullptr;
  BlobObject& object = blob_of(self);
  if (!has_no_buffers(object, "resized")) return nullptr;
  const std::size_t before = object.blob.size;
  const tally_status status = tally_blob_resize(&object.blob, size);
  if (status < 0) return raise(status, nullptr, 0);
  if (size > before) std::memset(object.blob.data + before, 0, size - before);
  Py_RETURN_NONE;
}

PyObject* leave(PyObject* self, PyObject* const*, Py_ssize_t) {
  return close(self, nullptr);
}

PyObject* is_closed(PyObject* self, void*) {
  return PyBool_FromLong(blob_of(self).blob.owner == nullptr);
}

Py_ssize_t length(PyObject* self) {
  return is_open(self, "len") ? static_cast<Py_ssize_t>(blob_of(self).blob.size) : -1;
}

PyObject* to_bytes(PyObject* self, PyObject*) {
  if (!is_open(self, "bytes")) return nullptr;
  const tally_blob& blob = blob_of(self).blob;
  return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(blob.data),
                                   static_cast<Py_ssize_t>(blob.size));
}

PyObject* represent(PyObject* self) {
  const tally_blob& blob = blob_of(self).blob;
  return blob.owner ? PyUnicode_FromFormat("<tallystick.Blob of %zu bytes>", blob.size)
                    : PyUnicode_FromString("<tallystick.Blob closed>");
}

int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  view->obj = nullptr;
  if (!is_open(self, "memoryview")) return -1;
  BlobObject& object = blob_of(self);
  static std::uint8_t nothing;
  void* const data = object.blob.data ? object.blob.data : &nothing;
  if (PyBuffer_FillInfo(view, self, data, static_cast<Py_ssize_t>(object.blob.size), 0, flags) < 0) return -1;
  ++object.exports;
  return 0;
}

void release_buffer(PyObject* self, Py_buffer*) {
  --blob_of(self).exports;
}

void dealloc(PyObject* self) {
  forget_owner(self);
  BlobObject& object = blob_of(self);
  if (object.blob.owner && object.forks == forks && tally_blob_free(&object.blob) < 0) {
    const SavedError saved;
    raise(tally_last_error()->status, nullptr, 0);
    PyErr_WriteUnraisable(nullptr);
  }
  Py_XDECREF(reinterpret_cast<PyObject*>(object.module));
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyMethodDef methods[] = {
    {"close", close, METH_NOARGS,
     "close($self, /)\n--\n\nGives the memory back to its module now. BufferError while a buffer of it is "
     "open. Nothing "
     "happens if it is closed already."},
    {"resize", resize, METH_O,
     "resize($self, size, /)\n--\n\nMakes the memory larger or smaller. What was in it stays, up to the "
     "smaller of both sizes, and what comes to it is zero; it may move. BufferError while a buffer of it is "
     "open; NotSupportedError if a call returned it, OutOfMemoryError or LimitReachedError if there is no "
     "more: it is as it was then. For memory of the interface's allocate()."},
    {"__bytes__", to_bytes, METH_NOARGS, "__bytes__($self, /)\n--\n\nA copy."},
    {"__enter__", itself, METH_NOARGS, nullptr},
    {"__exit__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(leave)), METH_FASTCALL, nullptr},
    {"__reduce_ex__", refuse_pickle, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef properties[] = {
    {"closed", is_closed, nullptr, "Whether the memory has been given back.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyTypeObject* make_blob_type() {
  PyType_Slot slots[] = {
      slot(Py_tp_dealloc, dealloc),
      slot(Py_tp_repr, represent),
      slot(Py_sq_length, length),
      slot(Py_bf_getbuffer, get_buffer),
      slot(Py_bf_releasebuffer, release_buffer),
      slot(Py_tp_methods, static_cast<void*>(methods)),
      slot(Py_tp_getset, static_cast<void*>(properties)),
      slot(Py_tp_doc,
           const_cast<char*>("Memory that a module made and that is now ours: a buffer, readable and "
                             "writable, until it is closed. memoryview(blob) copies nothing; bytes(blob) "
                             "copies. It is freed without a word when nobody holds it any more.")),
      {0, nullptr}};
  PyType_Spec spec = {"tallystick.Blob", sizeof(BlobObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

PyObject* adopt_blob(ModuleObject* module, tally_blob* blob) {
  PyTypeObject* const type = core->blob;
  PyObject* const self = type->tp_alloc(type, 0);
  if (!self) {
    tally_blob_free(blob);
    return nullptr;
  }
  BlobObject& object = blob_of(self);
  object.blob = *blob;
  object.forks = forks;
  Py_INCREF(reinterpret_cast<PyObject*>(module));
  object.module = module;
  track_owner(self);
  return self;
}

PyObject* text_of(tally_blob* blob) {
  PyObject* const text = PyUnicode_DecodeUTF8(reinterpret_cast<const char*>(blob->data),
                                              static_cast<Py_ssize_t>(blob->size), nullptr);
  if (tally_blob_free(blob) < 0) {
    const SavedError saved;
    raise(tally_last_error()->status, nullptr, 0);
    PyErr_WriteUnraisable(text);
  }
  return text;
}

// An export, as far as everybody else is concerned.
bool lend_blob(PyObject* blob, const char* function, tally_blob& out) {
  if (!is_open(blob, function)) return false;
  BlobObject& object = blob_of(blob);
  if (object.is_lent) {
    const std::string text = std::string(function) +
                             ": not the owner: the blob is already given, by another argument or by a call "
                             "under way, and only one can take it; pass another";
    raise(tally_fail(TALLY_NOT_OWNER, text.c_str()), nullptr, 0);
    return false;
  }
  if (!has_no_buffers(object, "given away")) return false;
  object.is_lent = true;
  ++object.exports;
  out = object.blob;
  return true;
}

void return_blob(PyObject* blob, bool is_taken) {
  BlobObject& object = blob_of(blob);
  object.is_lent = false;
  object.was_taken = is_taken;
  --object.exports;
  if (is_taken) object.blob = tally_blob{};
}

const void* token_of_blob(PyObject* blob) {
  return blob_of(blob).blob.owner;
}

}  // namespace tally::python
