//! The way to the server as the command line sees it: none while the folder says *offline*, and every answer sets this
//! phone's clock.

use crate::{clock::PhoneClock, folder::Folder};
use skolebro_core::{
    device::{
        Patience, Ticket,
        secrets::Token,
        transport::{Heard, Transport, TransportError},
    },
    domain::ids::DeviceId,
    protocol::{CodeAnswer, CodeRequest, DeviceList, EnrolRequest, EnrolResponse, SyncRequest, SyncResponse},
};
use std::{ops::ControlFlow, sync::Arc};

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
    fn enrol(&self, request: &EnrolRequest, patience: &Patience) -> Result<EnrolResponse, TransportError> {
        let answer = self.server()?.enrol(request, patience)?;
        self.clock.follow(answer.server_time);
        Ok(answer)
    }

    fn sync(&self, token: &Token, request: &SyncRequest, patience: &Patience) -> Result<SyncResponse, TransportError> {
        let answer = self.server()?.sync(token, request, patience)?;
        self.clock.follow(answer.server_time);
        Ok(answer)
    }

    fn devices(&self, token: &Token, patience: &Patience) -> Result<DeviceList, TransportError> {
        self.server()?.devices(token, patience)
    }

    fn revoke_device(&self, token: &Token, device: DeviceId, patience: &Patience) -> Result<(), TransportError> {
        self.server()?.revoke_device(token, device, patience)
    }

    fn make_code(
        &self,
        token: &Token,
        request: &CodeRequest,
        patience: &Patience,
    ) -> Result<CodeAnswer, TransportError> {
        self.server()?.make_code(token, request, patience)
    }

    fn listen(
        &self,
        token: &Token,
        ticket: &Ticket,
        heard: &mut dyn FnMut(Heard) -> ControlFlow<()>,
    ) -> Result<(), TransportError> {
        self.server()?.listen(token, ticket, heard)
    }
}
