"""The app on a device: service worker, pages without signal."""
