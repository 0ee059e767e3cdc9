//! The way to the server as the command line sees it: none while the folder says *offline*, and every answer sets this
//! phone's clock.

use crate::{clock::PhoneClock, folder::Folder};
use skolebro_core::{
    device::{
        secrets::Token,
        transport::{Heard, Transport, TransportError},
    },
    domain::ids::DeviceId,
    protocol::{DeviceList, EnrolRequest, EnrolResponse, SyncRequest, SyncResponse},
};
use std::{ops::ControlFlow, sync::Arc, time::Duration};

#[derive(Debug)]
pub struct Network {
    pub folder: Folder,
    pub clock: Arc<PhoneClock>,
    /// None: no server is known yet.
    pub server: Option<Arc<dyn Transport>>,
}

impl Network {
    fn server(&self) -> Result<&dyn Transport, TransportError> {
        match &self.server {
            Some(server) if !self.folder.is_offline() => Ok(server.as_ref()),
            Some(_) | None => Err(TransportError::Offline),
        }
    }
}

impl Transport for Network {
    fn enrol(&self, request: &EnrolRequest, within: Duration) -> Result<EnrolResponse, TransportError> {
        let answer = self.server()?.enrol(request, within)?;
        self.clock.follow(answer.server_time);
        Ok(answer)
    }

    fn sync(&self, token: &Token, request: &SyncRequest, within: Duration) -> Result<SyncResponse, TransportError> {
        let answer = self.server()?.sync(token, request, within)?;
        self.clock.follow(answer.server_time);
        Ok(answer)
    }

    fn devices(&self, token: &Token, within: Duration) -> Result<DeviceList, TransportError> {
        self.server()?.devices(token, within)
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, within: Duration) -> Result<(), TransportError> {
        self.server()?.revoke_device(token, device, within)
    }

    fn listen(&self, token: &Token, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<(), TransportError> {
        self.server()?.listen(token, heard)
    }
}
