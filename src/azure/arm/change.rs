//! Changes by Azure Resource Manager. A change may be answered at once (200, 201, 204), or begun (202) and asked about
//! until it has ended.

use serde_json::Value;
use zeroize::Zeroizing;

use super::{Arm, operation, what};
use crate::model::fault::{Fault, Service};
use crate::net::http::{Call, Method, Reply};

/// A change of one resource.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// `PUT`, `POST`, `PATCH` or `DELETE`.
    pub method: Method,
    /// The resource's path with its API version.
    pub path: String,
    /// What is sent; nothing for an order that is all in its path.
    pub body: Option<Value>,
}

impl Arm {
    /// Makes a change and waits until it has ended. Gives the resource where the answer has it.
    ///
    /// # Errors
    /// [`Fault::OperationFailed`] with Azure's own words when it began and failed, also where that is told with status
    /// 200; [`Fault::AzureForbidden`]; [`Fault::RateLimited`]; what kept an answer from coming.
    pub(crate) async fn change(&self, change: &Change) -> Result<Option<Value>, Fault> {
        let mut call = Call::new(change.method.clone(), &change.path);
        if let Some(body) = &change.body {
            call.body = Some(Zeroizing::new(body.to_string()));
        }
        let reply = self.send(call).await?;
        let began = operation::begun(self, &reply)?;
        let resource = succeeded(reply, &change.path).map_err(|fault| fault.at(Service::ResourceManager))?;
        match began {
            Some(operation) => operation.ended(self, &what(&change.path)).await.map(|()| None),
            None => self.provisioned(resource, change).await,
        }
    }

    /// A resource that was taken at once may still be on its way, which it tells itself.
    async fn provisioned(&self, resource: Option<Value>, change: &Change) -> Result<Option<Value>, Fault> {
        let Some(told) = resource else { return Ok(None) };
        match operation::State::of(&told) {
            Some(operation::State::Failed(failure)) => Err(*failure.at_path(&what(&change.path))),
            Some(operation::State::Running) if change.method != Method::DELETE => {
                operation::until_provisioned(self, &change.path).await.map(Some)
            }
            _ => Ok(Some(told)),
        }
    }
}

/// The resource of a success, if its answer has one.
fn succeeded(reply: Reply, path: &str) -> Result<Option<Value>, Fault> {
    match reply.status {
        202 | 204 => Ok(None),
        200 | 201 if reply.body.iter().all(u8::is_ascii_whitespace) => Ok(None),
        201 => super::read(Reply { status: 200, ..reply }, path),
        404 => {
            // Of a change it says that what it belongs to is not there, which is an error here.
            let told = serde_json::from_slice::<super::Envelope>(&reply.body).ok();
            Err(super::fault(&reply, told.map(|envelope| envelope.error), path))
        }
        _ => super::read(reply, path),
    }
}
