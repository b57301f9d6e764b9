"""Pictures in and videos out; the only importer of Pillow and PyAV."""
