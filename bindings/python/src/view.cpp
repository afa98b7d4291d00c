// tallystick.View: memory inside an object of a module, readable as long as the view is open. Its buffer is
// that memory itself; what reads it through the buffer protocol copies nothing.
#include "core_module.hpp"
#include "tally/python/gil.hpp"

namespace tally::python {
namespace {

struct ViewObject {
  PyObject_HEAD tally_view view;  // without a token: closed
  ModuleObject* module;           // strong: the object is in there
  Py_ssize_t exports;             // buffers that are open
  std::uint32_t forks;
  bool is_text;
};

ViewObject& view_of(PyObject* self) {
  return *reinterpret_cast<ViewObject*>(self);
}

bool is_open(PyObject* self, const char* function) {
  return view_of(self).view.owner || raise_closed(self, function);
}

// Nobody can use it meanwhile. What closes may be the last that an object waited for: then its destructor
// runs.
tally_status end(ViewObject& object) {
  tally_view view = object.view;
  object.view = tally_view{};
  return without_gil(*object.module, [&] { return tally_view_close(&view); });
}

PyObject* close(PyObject* self, PyObject*) {
  ViewObject& object = view_of(self);
  if (!object.view.owner) Py_RETURN_NONE;
  if (object.exports > 0) {
    PyErr_Format(PyExc_BufferError, "the view can't be closed: %zd buffer%s of it, as a memoryview, %s open",
                 object.exports, object.exports == 1 ? "" : "s", object.exports == 1 ? "is" : "are");
    return nullptr;
  }
  const tally_status status = end(object);
  if (status < 0) return raise(status, nullptr, 0);
  Py_RETURN_NONE;
}

PyObject* leave(PyObject* self, PyObject* const*, Py_ssize_t) {
  return close(self, nullptr);
}

PyObject* is_closed(PyObject* self, void*) {
  return PyBool_FromLong(view_of(self).view.owner == nullptr);
}

Py_ssize_t length(PyObject* self) {
  return is_open(self, "len") ? static_cast<Py_ssize_t>(view_of(self).view.size) : -1;
}

PyObject* to_bytes(PyObject* self, PyObject*) {
  if (!is_open(self, "bytes")) return nullptr;
  const tally_view& view = view_of(self).view;
  return PyBytes_FromStringAndSize(reinterpret_cast<const char*>(view.data),
                                   static_cast<Py_ssize_t>(view.size));
}

PyObject* to_text(PyObject* self, PyObject*) {
  if (!is_open(self, "text")) return nullptr;
  const tally_view& view = view_of(self).view;
  return PyUnicode_DecodeUTF8(reinterpret_cast<const char*>(view.data), static_cast<Py_ssize_t>(view.size),
                              nullptr);
}

PyObject* represent(PyObject* self) {
  const ViewObject& object = view_of(self);
  return object.view.owner ? PyUnicode_FromFormat("<tallystick.View of %zu bytes%s>", object.view.size,
                                                  object.is_text ? " of text" : "")
                           : PyUnicode_FromString("<tallystick.View closed>");
}

PyObject* to_str(PyObject* self) {
  return view_of(self).is_text ? to_text(self, nullptr) : represent(self);
}

int get_buffer(PyObject* self, Py_buffer* buffer, int flags) {
  buffer->obj = nullptr;
  if (!is_open(self, "memoryview")) return -1;
  ViewObject& object = view_of(self);
  static const std::uint8_t nothing = 0;
  const std::uint8_t* const data = object.view.data ? object.view.data : &nothing;
  if (PyBuffer_FillInfo(buffer, self, const_cast<std::uint8_t*>(data),
                        static_cast<Py_ssize_t>(object.view.size), 1, flags) < 0) {
    return -1;
  }
  ++object.exports;
  return 0;
}

void release_buffer(PyObject* self, Py_buffer*) {
  --view_of(self).exports;
}

void dealloc(PyObject* self) {
  forget_owner(self);
  ViewObject& object = view_of(self);
  if (object.view.owner && object.forks == forks) {
    const SavedError saved;
    const tally_status status = end(object);
    if (status < 0) {
      raise(status, nullptr, 0);
      PyErr_WriteUnraisable(nullptr);
    }
  }
  Py_XDECREF(reinterpret_cast<PyObject*>(object.module));
  PyTypeObject* const type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyMethodDef methods[] = {
    {"close", close, METH_NOARGS,
     "close($self, /)\n--\n\nLets go of the memory: its object may change and end again. BufferError while a "
     "buffer of it is open. Nothing happens if it is closed already."},
    {"tobytes", to_bytes, METH_NOARGS, "tobytes($self, /)\n--\n\nA copy."},
    {"text", to_text, METH_NOARGS, "text($self, /)\n--\n\nThe memory as UTF-8 text; a copy."},
    {"__bytes__", to_bytes, METH_NOARGS, "__bytes__($self, /)\n--\n\nA copy."},
    {"__enter__", itself, METH_NOARGS, nullptr},
    {"__exit__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(leave)), METH_FASTCALL, nullptr},
    {"__reduce_ex__", refuse_pickle, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr}};

PyGetSetDef properties[] = {{"closed", is_closed, nullptr, "Whether the view has been closed.", nullptr},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};

}  // namespace

PyTypeObject* make_view_type() {
  PyType_Slot slots[] = {
      slot(Py_tp_dealloc, dealloc),
      slot(Py_tp_repr, represent),
      slot(Py_tp_str, to_str),
      slot(Py_sq_length, length),
      slot(Py_bf_getbuffer, get_buffer),
      slot(Py_bf_releasebuffer, release_buffer),
      slot(Py_tp_methods, static_cast<void*>(methods)),
      slot(Py_tp_getset, static_cast<void*>(properties)),
      slot(Py_tp_doc, const_cast<char*>(
                          "Memory inside an object of a module: a read-only buffer, until it is closed. "
                          "memoryview(view) copies nothing; bytes(view), and str(view) where it is text, "
                          "copy. While it is open its object is not destroyed, only closed, and what would "
                          "change the memory is BorrowedError. It is closed without a word when nobody holds "
                          "it any more.")),
      {0, nullptr}};
  PyType_Spec spec = {"tallystick.View", sizeof(ViewObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  return reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
}

PyObject* adopt_view(ModuleObject* module, tally_view* view, bool is_text) {
  PyTypeObject* const type = core->view;
  PyObject* const self = type->tp_alloc(type, 0);
  if (!self) {
    tally_view_close(view);
    return nullptr;
  }
  ViewObject& object = view_of(self);
  object.view = *view;
  object.is_text = is_text;
  object.forks = forks;
  Py_INCREF(reinterpret_cast<PyObject*>(module));
  object.module = module;
  track_owner(self);
  return self;
}

const void* token_of_view(PyObject* view) {
  return view_of(view).view.owner;
}

}  // namespace tally::python
